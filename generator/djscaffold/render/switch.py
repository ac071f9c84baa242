"""Move a project to another platform, and leave it a way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from djscaffold.errors import AlreadyThere
from djscaffold.plan.make import DEFAULT_TOPOLOGY
from djscaffold.render.direct import complete_answers
from djscaffold.render.recorded import Recorded
from djscaffold.render.update import UpdatePlan, plan_update
from djscaffold.render.versions import template_at


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
    plan = plan_update(recorded, to=recorded.version, data={**answers, **(data or {})})
    lost = {name: pair for name, pair in plan.lost_answers.items() if not _belongs_to(name, old)}
    return replace(plan, lost_answers=lost)


def switched_answers(
    recorded: Mapping[str, Any], platform: str, *, template: Path
) -> dict[str, Any]:
    """Return the answers to change for *platform*.

    The old platform's own answers, where they are not the defaults, are parked for the way back;
    those parked before are taken up.
    """
    old = str(recorded["platform"])
    shared = {key: value for key, value in recorded.items() if not _belongs_to(key, old)}
    defaults = {
        **complete_answers(shared, template=template),
        "topology": DEFAULT_TOPOLOGY[old],
    }
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
        "parked_answers": dict(sorted(waiting.items())),
    }


def _belongs_to(name: str, platform: str) -> bool:
    return name == "topology" or name.startswith(f"{platform}_")
