#!/usr/bin/env python3
"""Writes a backup: every database, the uploads, and what is needed to put them back.

One folder for each backup, /var/backups/NAME/20260131T023000: it appears under that name when it
is complete. BACKUPS_KEPT of them stay; folders of other names always do. Then /etc/NAME/offsite
is called with the folder, if it is there, to copy it to another place; its failure is the
backup's failure.
"""

import contextlib
import datetime
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import backup_databases as databases
import django
from django.conf import settings

# The project may have modules of the same names as those in this folder.
sys.path.remove(str(Path(__file__).parent))

_CHUNK = 1 << 20
_NAME = re.compile(r"\d{8}T\d{6}")


def main():
    """Make one backup; print its name as the last line."""
    django.setup()
    site = Path.home().name
    folder = Path("/var/backups") / site
    name = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%S")
    unfinished = folder / f".{name}.unfinished"
    for left in folder.glob(".*.unfinished"):
        shutil.rmtree(left)
    media = Path(f"/srv/{site}/shared/media")
    _see_that_it_fits(folder, media)
    unfinished.mkdir(mode=0o750)
    try:
        _write(site, media, unfinished)
    except BaseException:
        shutil.rmtree(unfinished)
        raise
    unfinished.rename(folder / name)
    _remove_old(folder, int(os.environ.get("BACKUPS_KEPT", "14")))
    _copy_away(Path(f"/etc/{site}/offsite"), folder / name)
    print(name)


def _see_that_it_fits(folder, media):
    """Exit if the disk is too full for a backup as large as the last one, or as the uploads.

    A full disk stops more than a backup: often the database is on the same one.
    """
    last = _complete(folder)[-1:]
    needed = _size(last[0]) if last else _size(media)
    free = shutil.disk_usage(folder).free
    if free < needed * 1.1:
        of = f"the last one, {last[0].name}, has" if last else "the uploads have"
        sys.exit(
            f"Not enough room for a backup in {folder}: {_mb(free)} are free, {_mb(needed * 1.1)} are needed"
            f" ({of} {_mb(needed)}). Make room (du -xh / --max-depth 3), or keep fewer (`backups_kept`)."
        )


def _size(folder):
    return sum(map(_size_of, _tree(folder)))


def _size_of(path):
    try:
        return os.lstat(path).st_size
    except FileNotFoundError:
        return 0


def _tree(folder):
    """Yield the folder and all that is below it, but for what somebody removes meanwhile."""

    def stop(error):
        if not isinstance(error, FileNotFoundError):
            raise error

    for path, folders, files in os.walk(folder, onerror=stop):
        yield path
        if path == os.fspath(folder) and "lost+found" in folders:
            # Of a disk of its own; only root may look into it.
            folders.remove("lost+found")
        yield from (os.path.join(path, name) for name in sorted(files))
        yield from (os.path.join(path, name) for name in folders if os.path.islink(os.path.join(path, name)))


def _mb(size):
    return f"{size / 1e6:,.1f} MB"


def _write(site, media, unfinished):
    for alias, database in settings.DATABASES.items():
        if not (database.get("TEST") or {}).get("MIRROR"):
            databases.dump(database, str(unfinished / f"{alias}.{databases.suffix(database)}"))
    _pack_uploads(media, unfinished / "media.tar.gz")
    (unfinished / "release").write_text(f"{Path(f'/srv/{site}/current').resolve().name}\n", encoding="utf-8")
    _write_sums(unfinished)


def _pack_uploads(media, path):
    # Photographs and videos are compressed already: the fastest setting costs nothing in size.
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        top = os.path.realpath(media)
        for path in _tree(top):
            with contextlib.suppress(FileNotFoundError):
                archive.add(path, arcname=f"media{path[len(top) :]}", recursive=False)


def _write_sums(folder):
    """Write SHA256SUMS as `sha256sum --check` reads it."""
    lines = [f"{_sum(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _sum(path):
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _remove_old(folder, kept):
    for path in _complete(folder)[: -max(kept, 1)]:
        shutil.rmtree(path)


def _complete(folder):
    """Return the complete backups, the oldest first."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name))


def _copy_away(script, backup):
    if os.access(script, os.X_OK) and subprocess.run([script, backup], check=False).returncode:
        sys.exit(f"The backup {backup} is complete, but {script} could not copy it away.")


if __name__ == "__main__":
    main()
