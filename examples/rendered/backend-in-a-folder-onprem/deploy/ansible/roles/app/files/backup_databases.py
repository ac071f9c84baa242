"""Dumps and loads one database with its own tools, at the address that Django's settings hold.

Passwords go to the tools through their environment: a process list shows none.
"""

import os
import shutil
import sqlite3
import subprocess
import sys

# `.venv/bin` may hold other tools of the same names.
_PATH = "/usr/local/bin:/usr/bin:/bin"


def dump(settings, path):
    """Write the database of one entry of DATABASES to *path*, consistent as of one moment."""
    if _is(settings, "sqlite"):
        with sqlite3.connect(settings["NAME"]) as source, sqlite3.connect(path) as target:
            source.backup(target)
        return
    if _is(settings, "mysql"):
        # Tablespaces and the state of a replica are the server's: they take rights that the site does not have.
        tool = _mysql_tool("mariadb-dump", "mysqldump")
        command = [tool, "--no-tablespaces", *([] if tool == "mariadb-dump" else ["--set-gtid-purged=OFF"])]
        command += ["--single-transaction", "--routines", "--triggers", f"--result-file={path}"]
        _run([*command, *_mysql_address(settings), settings["NAME"]], settings)
        return
    # The custom format is compressed, and can be restored in parts.
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}"]
    _run([*command, settings["NAME"]], settings)


def load(settings, path):
    """Load *path* into an empty database."""
    if _is(settings, "sqlite"):
        with sqlite3.connect(path) as source, sqlite3.connect(settings["NAME"]) as target:
            source.backup(target)
        return
    if _is(settings, "mysql"):
        with open(path, "rb") as dumped:
            _run([_mysql_tool("mariadb", "mysql"), *_mysql_address(settings), settings["NAME"]], settings, stdin=dumped)
        return
    command = ["pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction"]
    _run([*command, f"--dbname={settings['NAME']}", path], settings)


def empty(connection):
    """Remove every table of the database: what an administrator does by dropping it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP OWNED BY CURRENT_USER CASCADE")
            cursor.execute("CREATE SCHEMA IF NOT EXISTS public")
        elif connection.vendor == "mysql":
            cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
            for table in connection.introspection.table_names(cursor, include_views=False):
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")


def suffix(settings):
    """Return how a dump of this database is called."""
    return "sqlite3" if _is(settings, "sqlite") else "sql" if _is(settings, "mysql") else "pgdump"


def _is(settings, name):
    return name in settings["ENGINE"] or (name == "sqlite" and "spatialite" in settings["ENGINE"])


def _mysql_tool(mariadb, mysql):
    """Return MariaDB's name of a tool where it is installed: its version 11 has no other."""
    return mariadb if shutil.which(mariadb, path=_PATH) else mysql


def _mysql_address(settings):
    host = settings.get("HOST") or "localhost"
    address = [f"--socket={host}"] if host.startswith("/") else [f"--host={host}"]
    if settings.get("PORT") and not host.startswith("/"):
        address.append(f"--port={settings['PORT']}")
    return [*address, f"--user={settings['USER']}"] if settings.get("USER") else address


def _run(command, settings, **options):
    options_of_django = settings.get("OPTIONS", {})
    own = {
        "MYSQL_PWD": settings.get("PASSWORD"),
        "PGHOST": settings.get("HOST"),
        "PGPORT": settings.get("PORT"),
        "PGUSER": settings.get("USER"),
        "PGPASSWORD": settings.get("PASSWORD"),
        "PGSSLMODE": options_of_django.get("sslmode"),
        "PGSSLROOTCERT": options_of_django.get("sslrootcert"),
    }
    environment = {**os.environ, **{name: str(value) for name, value in own.items() if value}}
    environment["PATH"] = _PATH
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"{command[0]} failed with {done.returncode}: {done.stderr.strip()}")
