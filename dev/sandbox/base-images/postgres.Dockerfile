# Stands in for postgres:17-alpine, with the contract of the official image (see the entry point).
# Uid 999 is the official Debian image's; the Alpine one runs as 70.
FROM sandbox/debian:trixie
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# No cluster is made at installation. LLVM (130 MB) only serves JIT compilation, which PostgreSQL
# does without when it is not there.
RUN groupadd --gid 999 postgres \
 && useradd --uid 999 --gid postgres --home-dir /var/lib/postgresql --shell /bin/bash postgres \
 && mkdir /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
 && apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Options::=--force-confold postgresql-17 libnss-wrapper tzdata \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /usr/lib/*/libLLVM* /usr/lib/llvm-* \
    /usr/lib/postgresql/17/lib/llvmjit* /usr/lib/postgresql/17/lib/bitcode \
 && sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" /usr/share/postgresql/17/postgresql.conf.sample \
 && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data \
 && install -d -o postgres -g postgres -m 3777 /var/run/postgresql \
 && mkdir /docker-entrypoint-initdb.d
COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/17/bin:$PATH \
    LANG=C.UTF-8 \
    PG_MAJOR=17 \
    PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
EXPOSE 5432
# SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
