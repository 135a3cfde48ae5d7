# shellcheck shell=sh
# Runs before PostgreSQL, with its image: refuses a volume that this image would damage, and makes the Secret's password
# the role's, so that a rotated password or a restored volume works.
set -eu
fail() { printf '%s\n' "$*" >&2; exit 1; }

image_version=$(postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
[ "$image_version" = "$EXPECTED_VERSION" ] ||
  fail "The image holds PostgreSQL $image_version, postgresVersion says $EXPECTED_VERSION. Set it right: pulumi config set postgresVersion $image_version"

# musl and glibc sort text differently: indexes made under one are wrong under the other.
case $(ls /lib/ld-musl-* 2>/dev/null) in '') libc=glibc ;; *) libc=musl ;; esac

if [ -s "$PGDATA/PG_VERSION" ]; then
  how='Dump the data with the image that made it, and restore the dump into an empty volume with the new one.'
  volume_version=$(cat "$PGDATA/PG_VERSION")
  [ "$volume_version" = "$image_version" ] ||
    fail "The volume was made by PostgreSQL $volume_version, the image is $image_version. $how"
  owner=$(stat -c %u "$PGDATA")
  [ "$owner" = "$(id -u)" ] ||
    fail "The volume belongs to user $owner, the image runs as $(id -u) (postgresRunAsUser). $how"
  volume_libc=$(cat "$VOLUME/libc" 2>/dev/null || echo "$libc")
  [ "$volume_libc" = "$libc" ] ||
    fail "The volume was made on $volume_libc, the image is built on $libc. $how"

  # The kubelet gives a volume's files to fsGroup when it mounts it again; PostgreSQL refuses a folder that others may read.
  chmod 0700 "$PGDATA"

  quoted=$(printf %s "$POSTGRES_PASSWORD" | sed "s/'/''/g")
  # An error must not print the statement, for the password is in it.
  printf "ALTER ROLE \"%s\" WITH PASSWORD '%s'\n" "$POSTGRES_USER" "$quoted" |
    postgres --single -c log_min_error_statement=panic -D "$PGDATA" postgres >/dev/null
fi
printf '%s\n' "$libc" >"$VOLUME/libc"
