#!/usr/bin/env python3
"""Puts a backup back: `restore.py /var/backups/NAME/20260131T023000`. restore.yml calls it.

restore.yml has checked the sums by then. Databases are emptied first, unless they are.
"""

import os
import sys
import tarfile
from pathlib import Path

import backup_databases as databases
import django
from django.conf import settings
from django.db import connections

# The project may have modules of the same names as those in this folder.
sys.path.remove(str(Path(__file__).parent))


def main():
    """Restore the backup that the first argument names."""
    backup = Path(sys.argv[1])
    django.setup()
    for alias, dumped in _dumps(backup).items():
        databases.empty(connections[alias])
        connections[alias].close()
        databases.load(settings.DATABASES[alias], str(dumped))
        print(f"restored the database {alias}")
    _unpack_uploads(backup / "media.tar.gz", Path(f"/srv/{Path.home().name}/shared/media"))
    print("restored the uploads")


def _unpack_uploads(path, media):
    # The folder may be a link to another disk, which the archive calls by the folder's name.
    with tarfile.open(path) as archive:
        for member in archive:
            member.name = os.path.relpath(member.name, "media")
            if member.islnk():
                member.linkname = os.path.relpath(member.linkname, "media")
        # Rights are those of the folder; uploads that came after the backup stay.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(os.path.realpath(media), **safely)


def _dumps(backup):
    """Return the dump of each database. One that the settings have named since then has none."""
    named = {alias: backup / f"{alias}.{databases.suffix(each)}" for alias, each in settings.DATABASES.items()}
    there = {alias: path for alias, path in named.items() if path.exists()}
    if not there:
        expected, found = sorted(path.name for path in named.values()), sorted(path.name for path in backup.iterdir())
        sys.exit(f"No dump of a database of this release: expected {expected}, found {found}. Nothing was restored.")
    return there


if __name__ == "__main__":
    main()
