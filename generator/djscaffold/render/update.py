"""Plan an update or a switch in full, then apply it as one; with every loss of an edit caught.

All is computed beside the project (``merge``), compared, and only then written, so a failure at
any point leaves the project as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from djscaffold.errors import AlreadyNewer
from djscaffold.render.direct import RenderedFile, carry_answers, render_files
from djscaffold.render.drift import marker_line, rendered_files
from djscaffold.render.journal import Change, apply_changes, finish_interrupted
from djscaffold.render.merge import Merged, Tree, merge_update
from djscaffold.render.preflight import check_ready, index_modes, mark_conflicts
from djscaffold.render.recorded import Recorded
from djscaffold.render.source import Origin, installed_commit, tool_origin
from djscaffold.render.versions import is_older, readable_repository, template_at
from djscaffold.render.write import same_text, unified

SET_ASIDE = ".djscaffold-old"


class Outcome(StrEnum):
    """What an update does to a file."""

    ADDED = "added"
    UPDATED = "updated"  # had no edits
    MERGED = "merged"  # had edits, which are kept
    REMOVED = "removed"  # had no edits
    CONFLICT = "conflict"
    SET_ASIDE = "set aside"  # had edits and is no longer rendered
    DROPPED = "edits dropped"


NEEDS_PERSON = frozenset({Outcome.CONFLICT, Outcome.SET_ASIDE, Outcome.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """One file before and after; None where there is no such file."""

    path: str
    outcome: Outcome
    before: bytes | None
    after: bytes | None
    executable: bool
    base: bytes | None = None  # what the old template rendered
    theirs: bytes | None = None  # what the new template renders

    @property
    def conflicts(self) -> int:
        """Return the number of places in the file that hold conflict markers."""
        lines = (self.after or b"").splitlines()
        return sum(line.startswith(b"<<<<<<< ") for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """All that an update would do."""

    recorded: Recorded
    version: str
    origin: Origin
    files: tuple[ChangedFile, ...] = ()
    kept_edits: tuple[str, ...] = ()  # edited files that the update leaves as they are
    answers: Mapping[str, Any] = field(default_factory=dict)
    lost_answers: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)  # before, after

    @property
    def needs_person(self) -> bool:
        """Return whether something is left that only a person can decide."""
        changed = any(name in self.answers for name in self.lost_answers)
        return changed or any(file.outcome in NEEDS_PERSON for file in self.files)

    def diff(self) -> str:
        """Return the whole plan as a unified diff."""
        return "".join(unified(f.path, f.before or b"", f.after or b"") for f in self.files)


def plan_update(
    recorded: Recorded,
    *,
    to: str | None = None,
    data: Mapping[str, Any] | None = None,
    template_url: str | None = None,
) -> UpdatePlan:
    """Return what updating to version *to* (default: the installed one) would do; write nothing.

    *data* are answers to change on the way. Raises what ``preflight.check_ready`` raises, and
    UnknownVersion, AlreadyNewer, TemplateFailed, MergeFailed.
    """
    version = _spelled(to) if to else installed_commit()
    with readable_repository(recorded.version, version) as repository:
        if is_older(repository, version, recorded.version):
            raise AlreadyNewer(recorded.version, version)
        old = rendered_files(recorded)
        answers, lost = _carried(recorded, version, data or {})
        origin = Origin(src_path=_address(recorded, template_url), commit=version)
        with template_at(version) as template:
            new = render_files(
                answers, origin=origin, template=template, answers_file=recorded.answers_file
            )
        check_ready(recorded.root, old, new)
        plan = UpdatePlan(
            recorded=recorded, version=version, origin=origin, answers=answers, lost_answers=lost
        )
        if version == recorded.version and not data and not template_url:
            return plan
        mine = _read_project(recorded, {file.path for file in (*old, *new)})
        merged = merge_update(
            recorded, _as_lf(mine), repository=repository, version=version, data=data or {}
        )
    return _compared(plan, old, new, mine, merged)


def apply_plan(plan: UpdatePlan) -> None:
    """Write the plan, all or nothing, and mark conflicts in git's index, as a merge would."""
    root = plan.recorded.root
    finish_interrupted(root)
    changes: list[Change] = []
    for file in plan.files:
        if file.outcome in (Outcome.SET_ASIDE, Outcome.DROPPED):
            aside = _free_name(root, file.path + SET_ASIDE)
            changes.append(Change(aside, file.before, executable=file.executable))
        changes.append(Change(file.path, file.after, executable=file.executable))
    apply_changes(changes, root)
    mark_conflicts(
        root,
        {
            file.path: (file.base, file.before, file.theirs)
            for file in plan.files
            if file.outcome is Outcome.CONFLICT
        },
    )


def _spelled(version: str) -> str:
    """Return a version as its tag is spelled: ``1.2.0`` is ``v1.2.0``."""
    return f"v{version}" if version[:1].isdigit() and "." in version else version


def _carried(
    recorded: Recorded, version: str, data: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, tuple[Any, Any]]]:
    """Return the answers under the new questionnaire, and those that changed by themselves."""
    with template_at(version) as template:
        answers, dropped = carry_answers({**recorded.answers, **data}, template=template)
    asked_for = set(data)
    lost = {name: pair for name, pair in dropped.items() if name not in asked_for}
    return answers, lost


def _address(recorded: Recorded, template_url: str | None) -> str | None:
    """Return the template's address to record: as it is, unless it is a folder that is gone."""
    if template_url:
        return template_url
    known = recorded.origin
    if known.is_local and not Path(known.src_path or "").exists():
        return tool_origin().src_path
    return known.src_path


def _read_project(recorded: Recorded, paths: set[str]) -> Tree:
    """Return the person's versions of *paths*, with git's idea of what is executable."""
    modes = index_modes(recorded.root)
    found = {}
    for path in sorted(paths - {recorded.answers_file}):
        place = recorded.root / path
        if place.is_file():
            executable = modes.get(path, bool(place.stat().st_mode & 0o100))
            found[path] = (place.read_bytes(), executable)
    return found


def _as_lf(tree: Tree) -> Tree:
    """Return the files with the line endings of templates; git may have converted them."""
    return {
        path: (_to_lf(content) if _is_crlf(content) else content, executable)
        for path, (content, executable) in tree.items()
    }


def _is_crlf(content: bytes) -> bool:
    return b"\r\n" in content and content.count(b"\r\n") == content.count(b"\n")


def _to_lf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _compared(
    plan: UpdatePlan,
    old: Sequence[RenderedFile],
    new: Sequence[RenderedFile],
    mine: Tree,
    merged: Merged,
) -> UpdatePlan:
    """Return *plan* with what happens to every file that changes."""
    before = {file.path: file.content for file in old if not file.once}
    after = {file.path: file.content for file in new}
    files, kept = [], []
    for path in sorted(mine.keys() | merged.tree.keys()):
        changed = _changed(path, before.get(path), after.get(path), mine, merged)
        if changed:
            files.append(changed)
        elif path in before and not same_text(mine[path][0], before[path]):
            kept.append(path)
    answers = _answers_file(plan.recorded, new)
    return replace(
        plan,
        files=tuple(files + ([answers] if answers else [])),
        kept_edits=tuple(kept),
    )


def _changed(
    path: str, base: bytes | None, theirs: bytes | None, mine: Tree, merged: Merged
) -> ChangedFile | None:
    """Return what happens to one file; None if nothing does."""
    before, was_executable = mine.get(path, (None, False))
    after, executable = merged.tree.get(path, (None, was_executable))
    if before is not None and after is not None and _is_crlf(before):
        after = after.replace(b"\n", b"\r\n")
    if before == after and was_executable == executable:
        return None
    edited = base is not None and before is not None and not same_text(before, base)
    conflicted = path in merged.conflicted or (
        marker_line(after or b"") is not None and marker_line(before or b"") is None
    )
    return ChangedFile(
        path=path,
        outcome=_outcome(before, after, theirs, edited=edited, conflicted=conflicted),
        before=before,
        after=after,
        executable=executable,
        base=base,
        theirs=theirs,
    )


def _outcome(
    before: bytes | None,
    after: bytes | None,
    theirs: bytes | None,
    *,
    edited: bool,
    conflicted: bool,
) -> Outcome:
    if conflicted:
        return Outcome.CONFLICT
    if before is None:
        return Outcome.ADDED
    if after is None:
        return Outcome.SET_ASIDE if edited else Outcome.REMOVED
    if not edited:
        return Outcome.UPDATED
    return Outcome.DROPPED if theirs is not None and same_text(after, theirs) else Outcome.MERGED


def _answers_file(recorded: Recorded, new: Sequence[RenderedFile]) -> ChangedFile | None:
    """Return the answers file's change: it is ours, and not merged."""
    before = (recorded.root / recorded.answers_file).read_bytes()
    after = next(file.content for file in new if file.path == recorded.answers_file)
    if same_text(before, after):
        return None
    return ChangedFile(
        path=recorded.answers_file,
        outcome=Outcome.UPDATED,
        before=before,
        after=after,
        executable=False,
    )


def _free_name(root: Path, wanted: str) -> str:
    """Return *wanted*, with a number where that name is taken."""
    if not (root / wanted).exists():
        return wanted
    numbers = (f"{wanted}-{number}" for number in range(2, 1000))
    return next(name for name in numbers if not (root / name).exists())
