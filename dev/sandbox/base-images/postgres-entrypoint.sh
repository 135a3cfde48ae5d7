#!/usr/bin/env bash
# What the official image's entry point promises: an empty $PGDATA becomes a database with
# POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB (each also as NAME_FILE), then the scripts in
# /docker-entrypoint-initdb.d run; a filled one is used as it is. Any other command is just run.
set -euo pipefail

# Takes NAME from the file that NAME_FILE names, else from NAME, else the default.
setting() {
  local name=$1 file_name=${1}_FILE
  if [ -n "${!file_name:-}" ]; then
    [ -z "${!name:-}" ] || fail "$name and $file_name are both set; set one of them."
    printf -v "$name" '%s' "$(<"${!file_name}")"
  fi
  printf -v "$name" '%s' "${!name:-${2:-}}"
  export "${name?}"
  unset "$file_name"
}

fail() {
  printf 'docker-entrypoint: %s\n' "$*" >&2
  exit 1
}

# A user id without an entry in /etc/passwd gets one, for initdb asks for its name.
name_this_user() {
  getent passwd "$(id -u)" >/dev/null && return
  export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group
  printf 'postgres:x:%s:%s::%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" >"$NSS_WRAPPER_PASSWD"
  printf 'postgres:x:%s:\n' "$(id -g)" >"$NSS_WRAPPER_GROUP"
}

local_psql() {
  PGHOST='' PGHOSTADDR='' PGPASSWORD=$POSTGRES_PASSWORD \
    psql --no-psqlrc -v ON_ERROR_STOP=1 --no-password --username "$POSTGRES_USER" "$@"
}

# A server that only its own socket reaches, while the database is being made.
local_server() {
  if [ "$1" = start ]; then
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses='' -p 5432" >/dev/null
  else
    pg_ctl -D "$PGDATA" -w -m fast stop >/dev/null
  fi
}

first_start() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256} arguments=() script
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    fail "the database is empty and POSTGRES_PASSWORD is not set: give the password of $POSTGRES_USER."
  fi
  read -r -a arguments <<<"${POSTGRES_INITDB_ARGS:-}"
  [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  local_server start
  if [ "$POSTGRES_DB" != postgres ]; then
    local_psql --dbname postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name";'
  fi
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh)
        # shellcheck source=/dev/null  # the image's user wrote it
        if [ -x "$script" ]; then "$script"; else . "$script"; fi
        ;;
      *.sql) local_psql --dbname "$POSTGRES_DB" -f "$script" ;;
      *.sql.gz) gunzip -c "$script" | local_psql --dbname "$POSTGRES_DB" ;;
    esac
  done
  local_server stop
  echo 'docker-entrypoint: the database is ready for its first start.'
}

[ "${1:-postgres}" = "${1#-}" ] || set -- postgres "$@"

if [ "${1:-}" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres {} +
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
  fi
  name_this_user
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA" 2>/dev/null || true # a volume's own folder may belong to somebody else
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    setting POSTGRES_PASSWORD
    setting POSTGRES_USER postgres
    setting POSTGRES_DB "$POSTGRES_USER"
    first_start
  fi
fi
exec "$@"
