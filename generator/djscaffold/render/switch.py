"""Move a project to another platform, and leave it a way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from djscaffold.errors import AlreadyThere
from djscaffold.plan.make import DEFAULT_TOPOLOGY
from djscaffold.render.aside import bring_back
from djscaffold.render.direct import carry_answers, complete_answers, render_files
from djscaffold.render.drift import Drift, find_drift, rendered_files
from djscaffold.render.recorded import Recorded
from djscaffold.render.update import UpdatePlan, plan_update
from djscaffold.render.versions import template_at

# Beside a platform's parked answers: the version whose files, edited, were set aside.
_SET_ASIDE_AT = "set_aside_at"


def plan_switch(
    recorded: Recorded, platform: str, *, data: Mapping[str, Any] | None = None
) -> UpdatePlan:
    """Return what moving to *platform* would do, at the recorded version; write nothing.

    *data* are further answers to change on the way. Raises what ``plan_update`` raises, and
    AlreadyThere.
    """
    if platform == recorded.answers["platform"]:
        raise AlreadyThere(platform)
    old = str(recorded.answers["platform"])
    with template_at(recorded.version) as template:
        answers = switched_answers(recorded.answers, platform, template=template)
        if _loses_edits(recorded, answers, template):
            answers["parked_answers"].setdefault(old, {})[_SET_ASIDE_AT] = recorded.version
    before = answers.pop(_SET_ASIDE_AT, None)
    plan = plan_update(recorded, to=recorded.version, data={**answers, **(data or {})})
    lost = {name: pair for name, pair in plan.lost_answers.items() if not _belongs_to(name, old)}
    plan = replace(plan, lost_answers=lost)
    return bring_back(plan, _rendered_at(before, plan)) if before else plan


def switched_answers(
    recorded: Mapping[str, Any], platform: str, *, template: Path
) -> dict[str, Any]:
    """Return the answers to change for *platform*.

    The old platform's own answers, where they are not the defaults, are parked for the way back;
    those parked before are taken up.
    """
    old = str(recorded["platform"])
    shared = {key: value for key, value in recorded.items() if not _belongs_to(key, old)}
    defaults = {**complete_answers(shared, template=template), "topology": DEFAULT_TOPOLOGY[old]}
    parked = {
        key: value
        for key, value in recorded.items()
        if _belongs_to(key, old) and value != defaults.get(key)
    }
    waiting = dict(recorded.get("parked_answers", {}))
    taken_up = waiting.pop(platform, {})
    if parked:
        waiting[old] = parked
    return {
        "platform": platform,
        "topology": DEFAULT_TOPOLOGY[platform],
        **taken_up,
        "parked_answers": waiting,
    }


def _belongs_to(name: str, platform: str) -> bool:
    return name == "topology" or name.startswith(f"{platform}_")


def _loses_edits(recorded: Recorded, answers: Mapping[str, Any], template: Path) -> bool:
    """Return whether a file that goes away with the old platform was edited."""
    own = {key: value for key, value in recorded.answers.items() if key not in answers}
    kept, _ = carry_answers({**own, **answers}, template=template)
    coming = {file.path for file in render_files(kept, template=template)}
    drifted = find_drift(recorded, rendered_files(recorded))
    return any(item.drift is Drift.EDITED and item.path not in coming for item in drifted)


def _rendered_at(version: str, plan: UpdatePlan) -> dict[str, bytes]:
    """Return the files of the plan's platform as *version* renders them."""
    with template_at(version) as template:
        answers, _ = carry_answers(plan.answers, template=template)
        return {file.path: file.content for file in render_files(answers, template=template)}
