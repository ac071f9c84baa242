#!/usr/bin/env python3
"""Puts a backup back: `restore.py /var/backups/NAME/20260131T023000`. restore.yml calls it.

The sums are checked before anything is touched. Databases are emptied first, unless they are.
"""

import hashlib
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
    _check_sums(backup)
    django.setup()
    for alias, database in settings.DATABASES.items():
        dumped = backup / f"{alias}.{databases.suffix(database)}"
        if dumped.exists():
            databases.empty(connections[alias])
            connections[alias].close()
            databases.load(database, str(dumped))
            print(f"restored the database {alias}")
    media = Path(f"/srv/{Path.home().name}/shared")
    with tarfile.open(backup / "media.tar.gz") as archive:
        # Rights are those of the folder; uploads that came after the backup stay.
        archive.extractall(media, filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(media)
    print("restored the uploads")


def _check_sums(backup):
    for line in (backup / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        with (backup / name).open("rb") as opened:
            if hashlib.sha256(opened.read()).hexdigest() != expected:
                sys.exit(f"{backup / name} is damaged; nothing was restored.")


if __name__ == "__main__":
    main()
