"""Writing loses nothing of the person's, and is all or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from djscaffold.errors import AnotherRunWrites, FilesInTheWay, NotWritten
from djscaffold.render import journal
from djscaffold.render.direct import RenderedFile
from djscaffold.render.journal import STAGE, Change, apply_changes, finish_interrupted
from djscaffold.render.write import State, compare, write


def rendered(path: str, text: str = "new\n", *, executable: bool = False) -> RenderedFile:
    return RenderedFile(path=path, content=text.encode(), executable=executable)


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in root.rglob("*")
        if path.is_file()
    }


def state_of(path: str, root: Path) -> State:
    return compare([rendered(path)], root)[0].state


def test_a_free_path_is_created_with_its_mode(tmp_path: Path) -> None:
    planned = compare([rendered("deploy/a"), rendered("bin/b", executable=True)], tmp_path)

    assert [item.state for item in planned] == [State.CREATE, State.CREATE]
    assert write(planned, tmp_path) == ["deploy/a", "bin/b"]
    assert snapshot(tmp_path) == {"deploy/a": (b"new\n", 0o644), "bin/b": (b"new\n", 0o755)}


def test_the_same_text_with_other_line_endings_is_identical(tmp_path: Path) -> None:
    """git converts them on a checkout with core.autocrlf."""
    (tmp_path / "a").write_bytes(b"new\r\n")

    assert state_of("a", tmp_path) is State.IDENTICAL


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("a", lambda root: (root / "a").mkdir()),
        ("a", lambda root: (root / "a").symlink_to("elsewhere")),
        ("deploy/a", lambda root: (root / "deploy").write_text("a file")),
        ("deploy/a", lambda root: (root / "deploy").symlink_to(root.parent)),
        ("../a", lambda _: None),
        ("/a", lambda _: None),
    ],
)
def test_a_path_that_is_no_plain_place_inside_the_root_is_blocked(
    tmp_path: Path, path: str, make: object
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    make(root)  # type: ignore[operator]

    planned = compare([rendered(path)], root)

    assert planned[0].state is State.BLOCKED
    assert planned[0].reason
    with pytest.raises(FilesInTheWay):
        write(planned, root)


def test_a_file_that_is_there_is_replaced_only_by_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine\n")
    planned = compare([rendered("a"), rendered("b")], tmp_path)

    with pytest.raises(FilesInTheWay, match="a    conflict"):
        write(planned, tmp_path)

    assert snapshot(tmp_path) == {"a": (b"mine\n", 0o644)}
    assert planned[0].diff() == "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-mine\n+new\n"
    assert write(planned, tmp_path, overwrite=["a"]) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "new\n"


def test_a_file_written_once_is_the_persons_afterwards(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine\n")
    once = RenderedFile(path="a", content=b"new\n", executable=False, once=True)

    assert compare([once], tmp_path)[0].state is State.IDENTICAL


def test_a_failure_half_way_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("mine\n")
    (tmp_path / "gone").write_text("old\n")
    before = snapshot(tmp_path)
    moves = iter([None, OSError(28, "No space left on device")])
    replace = Path.replace

    def fail_second(self: Path, target: Path) -> Path:
        if self.suffix == ".new" and (failure := next(moves)):
            raise failure
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_second)
    changes = [Change("a", b"1"), Change("gone", None), Change("new/deep/b", b"2")]

    with pytest.raises(NotWritten, match="No space left"):
        apply_changes(changes, tmp_path)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("after", range(1, 12))
def test_killed_at_any_step_the_folder_is_as_it_was_or_complete(tmp_path: Path, after: int) -> None:
    """The process kills itself before its n-th rename, write, copy or removal."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "a").write_text("mine\n")
    (root / "gone").write_text("old\n")
    before = snapshot(root)
    program = f"""
import os, signal, shutil, sys
from pathlib import Path
left = {after}
def counted(function):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return call
for name in ("replace", "unlink", "write_bytes"):
    setattr(Path, name, counted(getattr(Path, name)))
shutil.copy2 = counted(shutil.copy2)
from djscaffold.render.journal import Change, apply_changes
changes = [Change("a", b"1"), Change("gone", None), Change("new/b", b"2", executable=True)]
apply_changes(changes, Path(sys.argv[1]))
"""
    done = subprocess.run([sys.executable, "-c", program, root], check=False)
    assert done.returncode in (0, -signal.SIGKILL)

    finish_interrupted(root)

    complete = {"a": (b"1", 0o644), "new/b": (b"2", 0o755)}
    assert snapshot(root) in (before, complete)
    assert not (root / STAGE).exists()
    if done.returncode == 0:
        assert snapshot(root) == complete


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    """A real one: a file system of 64 KiB in memory."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        (tmp_path / "a").write_text("mine\n")
        with pytest.raises(NotWritten, match="No space left"):
            apply_changes([Change("a", b"1"), Change("b", b"x" * 100_000)], tmp_path)
        assert snapshot(tmp_path) == {"a": (b"mine\n", 0o644)}
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with journal._locked(tmp_path), pytest.raises(AnotherRunWrites):
        apply_changes([Change("a", b"1")], tmp_path)
