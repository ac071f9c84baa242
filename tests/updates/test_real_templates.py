"""The templates as they are, and five later versions of them: every platform stays current."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from real_changes import PLATFORMS, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("platform", PLATFORMS)]

TreeOf = Callable[[Path], dict[str, tuple[bytes, bool]]]
TOPOLOGY = {
    "onprem": "onprem-single",
    "aws": "aws-fargate-small",
    "azure": "azure-aca-small",
    "gcp": "gcp-cloudrun-small",
}
ONCE = "deploy/django/deployment/overrides.py"
KEPT = "deploy/gunicorn.conf.py"
INVENTORY = "deploy/ansible/inventory.yml"
DELETED = "deploy/django/deployment/jobs.py"
# A line of the values file that a person changes at every step.
CHOICE = {"onprem": "web_concurrency", "aws": "alarm_email", "azure": "alarm_email"}
CHOICE["gcp"] = CHOICE["aws"]
MARK = b"# mine, and to be kept\n"


def answers_of(platform: str, number: int = 0) -> list[str]:
    """Return what the project answers, by the names of version 1.*number*.0."""
    aliases = "extra_domains" if number >= 4 else "domain_aliases"
    recipes = "ci_recipes=[github-check, github-update, gitlab-check, gitlab-update, renovate]"
    return [
        f"platform={platform}",
        f"topology={TOPOLOGY[platform]}",
        f"{aliases}=[www.shop.example.org]",
        "task_library=celery",
        "needs_redis=true",
        "serves_media=true",
        recipes,
    ]


def test_five_versions_at_once_give_what_a_fresh_project_has(
    real_tool: Any, tree: TreeOf, tmp_path: Path, platform: str
) -> None:
    """The renamed question inherits; the one that came and went between leaves no trace."""
    project = real_tool.project(tmp_path / "p", *answers_of(platform))

    run = real_tool.run("v1.5.0", "update", cwd=project)

    fresh = tree(real_tool.fresh("v1.5.0", tmp_path / "fresh", *answers_of(platform, 5)))
    fresh[ONCE] = tree(real_tool.fresh("v1.0.0", tmp_path / "old", *answers_of(platform)))[ONCE]
    assert run.code == 0, run.out + run.err
    assert "domain_aliases: ['www.shop.example.org'] is asked no more" in run.out
    assert tree(project) == {**fresh, "manage.py": (b"# mine\n", False)}
    assert b"extra_domains:\n- www.shop.example.org\n" in tree(project)[".copier-answers.yml"][0]


def test_step_by_step_with_edits_in_every_extension_point_nothing_conflicts(
    real_tool: Any, tree: TreeOf, tmp_path: Path, platform: str
) -> None:
    """After each step all but the edited files are those of a fresh project of that version."""
    project = real_tool.project(tmp_path / "p", *answers_of(platform))
    (project / DELETED).unlink()
    real_tool.commit(project)
    assert real_tool.run("v1.0.0", "keep", KEPT, DELETED, cwd=project).code == 0
    kept = f"keep_files=[{DELETED}, {KEPT}]"
    values = VALUES[platform].removesuffix(".jinja")
    for number in range(1, 6):
        append(project / ONCE, f"STEP = {number}\n")
        append(project / KEPT, f"# mine {number}\n")
        text = (project / values).read_text()
        (project / values).write_text(chosen(platform, number, text))
        (project / f"deploy/own-{number}.conf").write_text("beside\n")
        if platform == "onprem":
            append(project / INVENTORY, f"# host {number}\n")
        real_tool.commit(project)

        version = f"v1.{number}.0"
        run = real_tool.run(version, "update", cwd=project)

        assert run.code == 0, run.out + run.err
        data = (*answers_of(platform, number), kept)
        fresh = tree(real_tool.fresh(version, tmp_path / version, *data))
        mine = tree(project)
        differ = {path for path in mine.keys() | fresh.keys() if mine.get(path) != fresh.get(path)}
        own = {f"deploy/own-{step}.conf" for step in range(1, number + 1)}
        own |= {INVENTORY} & mine.keys()
        assert differ == {ONCE, KEPT, values, "manage.py"} | own
        assert mine[values][0].decode() == chosen(platform, number, fresh[values][0].decode())
        assert real_tool.run(version, "check", "--allow-edited", cwd=project).code == 0
        real_tool.commit(project)

    assert "support_email: 'ops@example.org' is asked no more" in run.out
    assert (project / ONCE).read_text().endswith("".join(f"STEP = {n}\n" for n in range(1, 6)))
    assert (project / KEPT).read_text().endswith("".join(f"# mine {n}\n" for n in range(1, 6)))


def test_an_edit_in_every_single_file_survives(
    real_tool: Any, tree: TreeOf, tmp_path: Path, platform: str
) -> None:
    """Whatever its kind; and where a file is renamed or dropped the edit is set aside, and said."""
    project = real_tool.project(tmp_path / "p", *answers_of(platform))
    (project / DELETED).unlink()
    edited = sorted(set(tree(project)) - {".copier-answers.yml", "manage.py"})
    for path in edited:
        (project / path).write_bytes((project / path).read_bytes() + MARK)
    real_tool.commit(project)

    first = real_tool.run("v1.1.0", "update", cwd=project)

    assert first.code == 0, first.out + first.err
    now = tree(project)
    assert [path for path in edited if not now[path][0].endswith(MARK)] == []
    assert DELETED not in now
    assert b"keepalive = 75" in now[KEPT][0]
    assert now["deploy/requirements.txt"][0].startswith(b"# Questions to ops@example.org\n")
    real_tool.commit(project)

    second = real_tool.run("v1.3.0", "update", cwd=project)

    assert second.code == 3, second.out + second.err
    gone = ["deploy/MOVING.md", "deploy/django/deployment/origin.py"]
    now = tree(project)
    assert [line for line in second.out.splitlines() if "conflict" in line] == []
    for path in edited:
        assert now[f"{path}.djscaffold-old" if path in gone else path][0].endswith(MARK)
    assert [
        path for path in gone if path in now or f"{path}.djscaffold-old" not in second.out
    ] == []
    assert DELETED not in now


def chosen(platform: str, number: int, text: str) -> str:
    """Return the values file with the choice that the person made at step *number*."""
    line = rf"^({CHOICE[platform]}\s*[=:]\s*).*$"
    value = str(number) if platform == "onprem" else f'"team-{number}@example.org"'
    made, count = re.subn(line, rf"\g<1>{value}", text, flags=re.MULTILINE)
    assert count == 1
    return made


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)
