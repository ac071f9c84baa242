"""Word an update or a switch: what came, what was merged, what needs a person."""

from __future__ import annotations

from collections.abc import Sequence

from djscaffold.render.update import NEEDS_PERSON, SET_ASIDE, ChangedFile, Outcome, UpdatePlan

_ORDER = tuple(Outcome)


def update_as_text(plan: UpdatePlan, *, news: Sequence[str], written: bool) -> str:
    """Return the summary; *news* are the changelog's entries between the two versions."""
    parts = [
        _headline(plan, f"{plan.recorded.version} -> {plan.version}"),
        *_files(plan),
        *_answers(plan),
    ]
    if news:
        parts += ["", "What is new for you:", *(f"  - {entry}" for entry in news)]
    if plan.origin.src_path != plan.recorded.origin.src_path:
        parts += ["", f"The template's address is now {plan.origin.src_path}"]
    parts += ["", _last_words(plan) if written else "Nothing was written: this was a dry run."]
    return "\n".join(parts)


def switch_as_text(plan: UpdatePlan, *, written: bool) -> str:
    """Return the summary of a move to another platform, and where the way there is described."""
    before, after = plan.recorded.answers["platform"], plan.answers["platform"]
    parts = [_headline(plan, f"{before} -> {after}"), *_files(plan), *_answers(plan), ""]
    if written:
        parts += ["The data and the visitors are still where they were. The way over, as commands:"]
        parts += ["  deploy/MOVING.md", "", _last_words(plan)]
    else:
        parts += ["Nothing was written: this was a dry run."]
    return "\n".join(parts)


def _headline(plan: UpdatePlan, step: str) -> str:
    """Return one line with the *step* and the counts."""
    count = {outcome: sum(f.outcome is outcome for f in plan.files) for outcome in _ORDER}
    total = len(plan.files)
    words = [f"{step}   {total} files changed"]
    if kept := count[Outcome.MERGED] + len(plan.kept_edits):
        words.append(f"{kept} with your edits kept")
    if need := [file for file in plan.files if file.outcome in NEEDS_PERSON]:
        words.append(f"{len(need)} {'needs' if len(need) == 1 else 'need'} you")
    return ", ".join(words)


def _files(plan: UpdatePlan) -> list[str]:
    """Return a line per file, those that need a person last, where the eye rests."""
    ranked = sorted(plan.files, key=lambda file: (file.outcome in NEEDS_PERSON, file.path))
    return [f"  {file.outcome:<14} {file.path}{_detail(file)}" for file in ranked]


def _detail(file: ChangedFile) -> str:
    if file.outcome is Outcome.CONFLICT:
        count = file.conflicts
        return f"   {count} conflict{'' if count == 1 else 's'}: look for <<<<<<<"
    if file.outcome in (Outcome.SET_ASIDE, Outcome.DROPPED):
        return f"   your version is in {file.path}{SET_ASIDE}"
    return ""


def _answers(plan: UpdatePlan) -> list[str]:
    """Return what became of answers that the new questionnaire does not take as they are."""
    lines = []
    for name, (before, after) in plan.lost_answers.items():
        became = "is asked no more" if name not in plan.answers else f"is now {after!r}"
        lines.append(f"  answer         {name}: {before!r} {became}")
    return lines


def _last_words(plan: UpdatePlan) -> str:
    added = [file.path for file in plan.files if file.outcome is Outcome.ADDED]
    aside = [f.path + SET_ASIDE for f in plan.files
             if f.outcome in (Outcome.SET_ASIDE, Outcome.DROPPED)]  # fmt: skip
    new = " ".join(added + aside)
    undo = "git restore --staged --worktree ." + (f" && git clean -fdq -- {new}" if new else "")
    return f"Nothing is committed. Undo: {undo}"
