"""Find the template as it was in a certain version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from djscaffold.errors import GitFailed, NotWritten, UnknownVersion
from djscaffold.render.git import isolated_environment, run_git
from djscaffold.render.source import (
    installed_commit,
    installed_from,
    installed_template,
    is_checkout,
    template_repository,
)


@contextmanager
def template_at(version: str) -> Iterator[Path]:
    """Give the folder of the template as of *version*; the installed one costs nothing.

    Raises UnknownVersion where neither the tool nor the place it came from has it.
    """
    if version == installed_commit() and not has_uncommitted_template():
        yield installed_template()
        return
    with TemporaryDirectory(prefix="djscaffold-") as scratch:
        with readable_repository(version) as repository:
            _extract(repository, version, Path(scratch))
        yield Path(scratch)


@contextmanager
def readable_repository(*versions: str) -> Iterator[Path]:
    """Give a git directory that holds all *versions*: a checkout's, or the unpacked bundle.

    Raises UnknownVersion.
    """
    with TemporaryDirectory(prefix="djscaffold-") as scratch:
        seen: list[str] = []
        missing = list(versions)
        for candidate in _candidates():
            repository = candidate
            if candidate.is_file():
                repository = Path(scratch, "template.git")
                _git("clone", "--quiet", "--bare", "--", candidate, repository, cwd=Path(scratch))
            here = [version for version in versions if has_version(repository, version)]
            if len(here) == len(versions):
                yield repository
                return
            missing = [version for version in missing if version not in here]
            seen += [tag for tag in tags_of(repository) if tag not in seen]
        raise UnknownVersion((missing or versions or ("?",))[0], installed_commit(), seen)


def known_versions() -> list[str]:
    """Return the released versions this tool carries, oldest first."""
    try:
        with readable_repository() as repository:
            return tags_of(repository)
    except UnknownVersion:
        return []


def has_version(repository: Path, version: str) -> bool:
    """Return whether the repository knows *version*, a tag or a commit."""
    try:
        _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{version}^{{commit}}",
             cwd=repository)  # fmt: skip
    except GitFailed:
        return False
    return True


def is_older(repository: Path, version: str, than: str) -> bool:
    """Return whether *version* comes before the version *than* in the template's history."""
    commits = [_git("rev-parse", f"{name}^{{commit}}", cwd=repository) for name in (version, than)]
    if commits[0] == commits[1]:
        return False
    try:
        _git("merge-base", "--is-ancestor", version, than, cwd=repository)
    except GitFailed:
        return False
    return True


def tags_of(repository: Path) -> list[str]:
    """Return the tags that are versions, oldest first."""
    from packaging.version import InvalidVersion, Version

    found = []
    for tag in _git("tag", "--list", cwd=repository).decode().splitlines():
        try:
            found.append((Version(tag), tag))
        except InvalidVersion:
            continue
    return [tag for _, tag in sorted(found)]


def has_uncommitted_template() -> bool:
    """Return whether the tool is a checkout whose template differs from its commit."""
    if not is_checkout():
        return False
    try:
        changed = _git(
            *("status", "--porcelain", "--", "copier.yml", "templates"), cwd=installed_template()
        )
    except GitFailed:
        return False
    return bool(changed)


def _candidates() -> list[Path]:
    """Return the repositories to look into: the tool's own, then where it was installed from."""
    own, source = template_repository(), installed_from()
    folder = Path(source) if source and source.startswith("/") else None
    found = [own, folder if folder and folder.is_dir() else None]
    return [path for path in dict.fromkeys(found) if path is not None]


def _extract(repository: Path, version: str, folder: Path) -> None:
    # Imported here: the installed version, which is the usual one, needs no archive.
    import io
    import tarfile

    packed = _git("archive", "--format=tar", version, "copier.yml", "templates", cwd=repository)
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
    except OSError as error:
        raise NotWritten(error.strerror or str(error), error.filename) from error


def _git(*arguments: str | Path, cwd: Path) -> bytes:
    return run_git(*arguments, cwd=cwd, environment=isolated_environment())
