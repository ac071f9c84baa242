"""Five later versions of the templates as they are: every kind of change that a version makes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PLATFORMS = ("onprem", "aws", "azure", "gcp")
# Where an installation's own values stand, as seen from a platform's folder.
VALUES = {
    "onprem": "deploy/ansible/group_vars/all.yml.jinja",
    "aws": "deploy/terraform/terraform.tfvars.jinja",
    "azure": "deploy/terraform/terraform.tfvars.jinja",
    "gcp": "deploy/terraform/terraform.tfvars.jinja",
}
QUESTION = """
support_email:
  type: str
  help: Who answers for the site
  default: ops@example.org
"""


def as_they_are(templates: Path) -> None:
    shutil.copytree(ROOT / "templates", templates, dirs_exist_ok=True)


def a_new_question_in_a_changed_shared_partial(templates: Path) -> None:
    questions = templates / "_questions/project.yml"
    questions.write_text(questions.read_text() + QUESTION)
    shared = templates / "_shared/deploy"
    requirements = shared / "requirements.txt.jinja"
    requirements.write_text("# Questions to {{ support_email }}\n" + requirements.read_text())
    change_line(shared / "gunicorn.conf.py", "keepalive = 65", "keepalive = 75")
    change_line(shared / "env.example.jinja", "# ", "# Copy it. ", count=1)


def other_numbers_for_gunicorn(templates: Path) -> None:
    config = templates / "_shared/deploy/gunicorn.conf.py"
    change_line(config, "keepalive = 65", "keepalive = 75")
    change_line(config, "max_requests = 50_000", "max_requests = 20_000")
    (templates.parent / "CHANGELOG.md").write_text(
        "# Changelog\n\n## 0.2.0\n\n### Changed\n\n- Workers are recycled after 20,000 requests.\n"
    )


def a_renamed_file_and_a_new_idea_for_one_that_is_the_persons(templates: Path) -> None:
    for platform in PLATFORMS:
        package = templates / platform / "deploy/django/deployment"
        (package / "origin.py.jinja").rename(package / "request_origin.py.jinja")
    overrides = templates / "_shared/deploy/django/deployment/overrides.py"
    overrides.write_text(overrides.read_text() + "# A later idea.\n")


def a_dropped_file_and_a_new_one(templates: Path) -> None:
    for platform in PLATFORMS:
        deploy = templates / platform / "deploy"
        (deploy / "MOVING.md.jinja").unlink()
        (deploy / "CONTACTS.md.jinja").write_text("{{ domain }}: {{ support_email }}\n")


def a_renamed_question_and_a_new_setting(templates: Path) -> None:
    """The new one inherits, by a default that names the old one."""
    questions = templates / "_questions/project.yml"
    renamed = r"domain_aliases:\n(.*\n.*\n)  default: \[\]\n(  validator: .*\n)"
    text, count = re.subn(renamed, inheriting, questions.read_text())
    assert count == 1
    for path in (*templates.rglob("*.jinja"), *templates.glob("_questions/*.yml")):
        if path != questions:
            path.write_text(re.sub(r"\{[{%].*?[%}]\}", in_tag, path.read_text()))
    questions.write_text(text)
    for platform, values in VALUES.items():
        path = templates / platform / values
        setting = "new_setting: 1" if platform == "onprem" else "new_setting = 1"
        path.write_text(f"{path.read_text()}\n# New in 1.4.0.\n{setting}\n")


def inheriting(found: re.Match[str]) -> str:
    default = '  default: "{{ domain_aliases | default([]) }}"\n'
    validator = found[2].replace("domain_aliases", "extra_domains")
    return f"extra_domains:\n{found[1]}{default}{validator}"


def in_tag(found: re.Match[str]) -> str:
    return re.sub(r"\bdomain_aliases\b", "extra_domains", found.group())


def a_question_that_is_gone(templates: Path) -> None:
    questions = templates / "_questions/project.yml"
    questions.write_text(questions.read_text().replace(QUESTION, ""))
    requirements = templates / "_shared/deploy/requirements.txt.jinja"
    requirements.write_text("".join(requirements.read_text().splitlines(keepends=True)[1:]))
    for platform in PLATFORMS:
        (templates / platform / "deploy/CONTACTS.md.jinja").write_text("{{ domain }}\n")


def change_line(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text()
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, count))


REAL_CHANGES: tuple[Callable[[Path], None], ...] = (
    as_they_are,
    a_new_question_in_a_changed_shared_partial,
    a_renamed_file_and_a_new_idea_for_one_that_is_the_persons,
    a_dropped_file_and_a_new_one,
    a_renamed_question_and_a_new_setting,
    a_question_that_is_gone,
)
