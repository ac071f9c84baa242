"""What own servers do with data: the pieces of backup and restore themselves, run here."""

from __future__ import annotations

import hashlib
import os
import re
import runpy
import subprocess
import sys
import tarfile
import types
from pathlib import Path
from typing import Any

import pytest
import yaml

from .onprem_sites import BASE, SITES, rendered

FILES = rendered(BASE)
UNITS = {
    "sockets.target.wants": ["shop-web.socket", "shop-admin-web.socket"],
    "multi-user.target.wants": [
        *("shop-web@1.service", "shop-worker@main.service", "shop-beat.service"),
        *("shop-admin-web@1.service", "shop-admin-beat.service", "shop-beat-web@1.service"),
    ],
    "timers.target.wants": [
        "shop-command@tidy.timer",
        "shop-backup.timer",
        "shop-admin-backup.timer",
    ],
}


def task(name: str) -> dict[str, Any]:
    plays = yaml.safe_load(FILES["deploy/ansible/restore.yml"])
    (found,) = [task for play in plays for task in play["tasks"] if task["name"] == name]
    return dict(found)


def shell(name: str, tmp_path: Path, *, failing: str = "nothing") -> tuple[int, str]:
    """Run the shell of a task of restore.yml; return its exit code and the calls of systemctl."""
    for folder, units in UNITS.items():
        (tmp_path / folder).mkdir()
        for unit in units:
            (tmp_path / folder / unit).symlink_to("/dev/null")
    systemctl, calls = tmp_path / "systemctl", tmp_path / "calls"
    systemctl.write_text(
        f'#!/bin/sh\necho "$@" >> {calls}\ncase "$*" in *{failing}*) exit 1;; esac\n'
    )
    systemctl.chmod(0o755)
    text = str(task(name)["ansible.builtin.shell"]).replace("{{ project_slug }}", "shop")
    done = subprocess.run(
        ["sh", "-c", text.replace("/etc/systemd/system", str(tmp_path))],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    return done.returncode, calls.read_text()


def test_a_restore_stops_what_writes_and_nothing_of_another_site(tmp_path: Path) -> None:
    """The umbrella too: while it is active, its socket cannot be opened again."""
    _, calls = shell("Stop the site, its jobs and their timers", tmp_path)

    assert calls.split() == [
        *("stop", "shop-web.socket", "shop-web.service", "shop-web@*", "shop-worker@*"),
        *("shop-beat.*", "shop-daemon@*", "shop-command@*", "shop-backup.timer"),
    ]


def test_a_restore_starts_all_that_is_enabled(tmp_path: Path) -> None:
    code, calls = shell("Start the site, its jobs and their timers", tmp_path)

    assert code == 0
    assert [sorted(line.split()[1:]) for line in calls.splitlines()] == [
        ["shop-web.socket"],
        [
            *("shop-backup.timer", "shop-beat.service", "shop-command@tidy.timer"),
            *("shop-web@1.service", "shop-worker@main.service"),
        ],
    ]


def test_without_its_socket_no_release_is_started(tmp_path: Path) -> None:
    """It would listen at another place, where nginx does not ask."""
    code, calls = shell("Start the site, its jobs and their timers", tmp_path, failing=".socket")

    assert (code, calls) == (1, "start shop-web.socket\n")


def test_a_damaged_backup_is_found_before_anything_stops() -> None:
    plays = yaml.safe_load(FILES["deploy/ansible/restore.yml"])
    names = [task["name"] for play in plays for task in play["tasks"]]

    assert names.index("Stop here if it is damaged") < names.index("Create it as site.yml does")
    assert names.index("Create it as site.yml does") < names.index(
        "Stop the site, its jobs and their timers"
    )


def defined_in(script: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a script of the servers defines, with a Django that has no settings yet."""
    for name in ("django", "django.conf", "django.db"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    settings = types.SimpleNamespace(DATABASES={"default": {"ENGINE": "django.db.backends.mysql"}})
    sys.modules["django.conf"].settings = settings  # type: ignore[attr-defined]
    sys.modules["django.db"].connections = {}  # type: ignore[attr-defined]
    source = Path(__file__).parent.parent.parent / "templates/onprem/deploy/ansible/roles/app/files"
    monkeypatch.setattr(sys, "path", [str(source), *sys.path])
    # Others read the templates meanwhile.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return runpy.run_path(str(source / script))


@pytest.fixture
def backup(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return defined_in("backup.py", monkeypatch)


def test_uploads_on_another_disk_are_kept_though_some_are_removed_meanwhile(
    tmp_path: Path, backup: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    media, link = tmp_path / "disk", tmp_path / "media"
    (media / "sheets").mkdir(parents=True)
    for name in ("kept.txt", "gone.txt", "sheets/kept.txt"):
        (media / name).write_text(name)
    (media / "again").symlink_to("sheets")
    link.symlink_to(media)
    real = os.lstat

    def removed_first(path: Any, **more: Any) -> os.stat_result:
        if str(path).endswith("gone.txt"):
            (media / "gone.txt").unlink(missing_ok=True)
        return real(path, **more)

    monkeypatch.setattr(os, "lstat", removed_first)
    backup["_pack_uploads"](link, tmp_path / "media.tar.gz")
    (media / "gone.txt").write_text("back")
    size = backup["_size"](media)
    (media / "kept.txt").unlink()
    (media / "sheets/kept.txt").write_text("another")
    defined_in("restore.py", monkeypatch)["_unpack_uploads"](tmp_path / "media.tar.gz", link)

    with tarfile.open(tmp_path / "media.tar.gz") as archive:
        packed = {member.name: member.type for member in archive}
    folders = {"media": tarfile.DIRTYPE, "media/sheets": tarfile.DIRTYPE}
    files = {"media/kept.txt": tarfile.REGTYPE, "media/sheets/kept.txt": tarfile.REGTYPE}
    assert packed == {**folders, **files, "media/again": tarfile.SYMTYPE}
    assert size > len("kept.txt") + len("sheets/kept.txt")
    assert [(media / name).read_text() for name in ("kept.txt", "sheets/kept.txt")] == [
        "kept.txt",
        "sheets/kept.txt",
    ]
    assert link.is_symlink()


def test_a_backup_of_another_kind_of_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would have restored the uploads alone, and said that all went well."""
    dumps = defined_in("restore.py", monkeypatch)["_dumps"]
    (tmp_path / "default.pgdump").touch()

    with pytest.raises(SystemExit, match=r"expected \['default.sql'\], found \['default.pgdump'\]"):
        dumps(tmp_path)

    (tmp_path / "default.sql").touch()
    assert dumps(tmp_path) == {"default": tmp_path / "default.sql"}


def test_sha256sum_reads_the_sums_of_a_backup(backup: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "media.tar.gz").write_bytes(b"x" * 3_000_000)

    backup["_write_sums"](tmp_path)

    check = str(
        task("Check its sums, before anything is touched")["ansible.builtin.command"]["cmd"]
    )
    assert subprocess.run(check.split(), cwd=tmp_path).returncode == 0
    assert hashlib.sha256(b"x" * 3_000_000).hexdigest() in (tmp_path / "SHA256SUMS").read_text()
    (tmp_path / "media.tar.gz").write_bytes(b"y")
    assert subprocess.run(check.split(), cwd=tmp_path, capture_output=True).returncode == 1
    (tmp_path / "SHA256SUMS").write_text("")
    assert subprocess.run(check.split(), cwd=tmp_path, capture_output=True).returncode == 1


def test_old_backups_go_and_what_a_person_put_there_stays(
    backup: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("20260101T023000", "20260102T023000", "20260103T023000", "lost+found", "before"):
        (tmp_path / name).mkdir()

    backup["_remove_old"](tmp_path, 2)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("20260102T023000", "20260103T023000", "before", "lost+found")
    ]


def test_a_backup_that_does_not_fit_is_not_begun(
    backup: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how much there is, how much is needed, and why."""
    last = tmp_path / "20260103T023000"
    last.mkdir()
    (last / "media.tar.gz").write_bytes(b"x" * 2_000_000)
    fits = backup["_see_that_it_fits"]
    fits(tmp_path, tmp_path)
    full = types.SimpleNamespace(free=2_100_000)
    monkeypatch.setattr(fits.__globals__["shutil"], "disk_usage", lambda _: full)

    with pytest.raises(SystemExit) as stopped:
        fits(tmp_path, tmp_path)

    found = re.findall(r"[\d.]+ MB", str(stopped.value))
    assert found == ["2.1 MB", "2.2 MB", "2.0 MB"]


@pytest.mark.parametrize("told", [True, False])
def test_a_failure_is_told(tmp_path: Path, told: bool) -> None:
    """One line of priority err; and the script of the owner, if there is one."""
    script = tmp_path / "alert"
    if told:
        script.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
        script.chmod(0o755)
    failed = tmp_path / "failed.sh"
    failed.write_text(FILES["deploy/ansible/roles/app/files/failed.sh"])

    done = subprocess.run(
        ["sh", failed, "shop-backup.service", script], capture_output=True, text=True, check=True
    )

    line, *rest = done.stdout.splitlines()
    assert line.startswith("<3>shop-backup.service failed on ")
    assert "journalctl --unit 'shop-backup.service'" in line
    assert rest == ([f"shop-backup.service|{line[3:]}|"] if told else [])


def test_what_runs_unseen_tells_of_its_failure() -> None:
    files = rendered(SITES["everything"])
    units = [path for path in files if re.search("(backup|command@|worker@|beat).service", path)]

    assert len(units) == 4
    for path in units:
        assert "\nOnFailure=order-desk-failed@%n.service\n" in files[path], path
