#!/usr/bin/env python3
"""Runs `migrate`, alone: a second run, from wherever, waits until the first is done.

PostgreSQL and MySQL hold the lock on the server, so it counts for every machine that uses the
database; SQLite has one machine only, and a lock of its own.
"""

import sys
import zlib
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

# The project may have modules of the same names as those in this folder.
sys.path.remove(str(Path(__file__).parent))

_WAIT_S = 900


def main():
    """Migrate every database under one lock; exit with 1 if the lock is not to be had."""
    django.setup()
    connection = connections["default"]
    name = f"migrate {connection.settings_dict['NAME']}"[:60]
    # The lock lives as long as this connection: migrate gets one of its own.
    holder = connections.create_connection("default")
    try:
        if not _lock(holder, name):
            sys.exit(f"Another migration has held the database for {_WAIT_S} s; nothing was done.")
        for alias in _migrated_aliases():
            call_command("migrate", database=alias, interactive=False, verbosity=1)
    finally:
        holder.close()


def _lock(holder, name):
    with holder.cursor() as cursor:
        if holder.vendor == "postgresql":
            cursor.execute(f"SET lock_timeout = '{_WAIT_S}s'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [zlib.crc32(name.encode())])
        elif holder.vendor == "mysql":
            cursor.execute("SELECT GET_LOCK(%s, %s)", [name, _WAIT_S])
            return cursor.fetchone()[0] == 1
    return True


def _migrated_aliases():
    """Return `default`, and the other databases that a router lets migrations into."""
    from django.apps import apps
    from django.db import router

    labels = [config.label for config in apps.get_app_configs()]
    for alias in connections:
        if alias == "default" or any(router.allow_migrate(alias, label) is not False for label in labels):
            if connections[alias].settings_dict.get("TEST", {}).get("MIRROR") is None:
                yield alias


if __name__ == "__main__":
    main()
