"""What is rendered for own servers, looked at by the real tools; no machine is started."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment

from djscaffold.errors import InvalidAnswer
from djscaffold.verify.checks import checks_named, run_checks
from djscaffold.verify.tree import read_tree

from .onprem_sites import BASE, SITES, rendered, write


@pytest.mark.parametrize("site", SITES)
def test_the_real_tools_find_nothing(tmp_path: Path, site: str) -> None:
    """systemd-analyze verify, nginx -t, shellcheck: whatever of them is installed."""
    root = write(tmp_path, SITES[site])
    checks = checks_named(["systemd", "nginx", "shellcheck"])

    results = list(run_checks(read_tree(root), checks))

    failed = [(r.check, r.subject, r.words) for r in results if r.status == "failed"]
    assert failed == []


def test_every_login_has_a_limit() -> None:
    """Setting LOGIN_URL used to leave the admin's form without one."""
    several = {"login_paths": ["/accounts/login/", "/admin/login/"]}
    site = rendered(BASE | several)["deploy/nginx/shop.conf"]

    limited = re.findall(r"location = (\S+) \{\n\s+limit_req zone=shop_login", site)
    assert limited == several["login_paths"]
    # Recorded before there was a list.
    old = rendered(BASE | {"login_path": "/enter/"})["deploy/nginx/shop.conf"]
    assert re.findall(r"location = (\S+) ", old) == ["/enter/"]
    with pytest.raises(InvalidAnswer):
        rendered(BASE | {"login_paths": ["/a; deny all"]})


def test_what_makes_static_files_is_run_by_each_release() -> None:
    files = rendered(BASE | {"static_commands": ["compress --force"]})
    variables = yaml.safe_load(files["deploy/ansible/group_vars/all.yml"])
    by_hand = files["deploy/README.md"].partition("bin/manage collectstatic --noinput\n")[2]

    assert variables["release_commands"] == ["compress --force"]
    assert by_hand.startswith("$release/deploy/bin/manage compress --force\n")
    assert "compress --force" not in rendered(BASE)["deploy/README.md"]


@pytest.mark.parametrize("site", SITES)
def test_every_unit_is_locked_up(tmp_path: Path, site: str) -> None:
    """`systemd-analyze security` gives every service of ours 1.5 or less of 10."""
    root = write(tmp_path, SITES[site])

    results = list(run_checks(read_tree(root), checks_named(["systemd-security"])))

    failed = [(r.subject, r.words) for r in results if r.status == "failed"]
    assert failed == []


@pytest.mark.slow
@pytest.mark.parametrize("site", SITES)
def test_the_playbooks_read_well(tmp_path: Path, site: str) -> None:
    """ansible-playbook --syntax-check, ansible-lint and yamllint."""
    root = write(tmp_path, SITES[site])

    results = list(
        run_checks(read_tree(root), checks_named(["ansible", "ansible-lint", "yamllint"]))
    )

    failed = [(r.check, r.subject, r.words) for r in results if r.status == "failed"]
    assert failed == []


def test_a_feature_that_is_off_leaves_no_file() -> None:
    plain, everything = rendered(SITES["plain"]), rendered(SITES["everything"])

    missing = {path.replace("order-desk", "shop") for path in everything} - set(plain)

    assert missing == {
        "deploy/ansible/roles/redis/handlers/main.yml",
        "deploy/ansible/roles/redis/tasks/main.yml",
        "deploy/ansible/roles/redis/tasks/password.yml",
        "deploy/nginx/snippets/media.conf",
        "deploy/nginx/snippets/websocket.conf",
        "deploy/systemd/shop-beat.service",
        "deploy/systemd/shop-worker@.service",
    }


@pytest.mark.parametrize(
    ("engine", "here", "options"),
    [("postgresql", False, "?sslmode=require"), ("postgresql", True, ""), ("mariadb", False, "")],
)
def test_only_postgresql_is_asked_for_tls_in_its_own_words(
    engine: str, here: bool, options: str
) -> None:
    """mysqlclient stops at `sslmode` with a TypeError."""
    defaults = yaml.safe_load(rendered(BASE)["deploy/ansible/roles/app/defaults/main.yml"])

    template = Environment().from_string(defaults["app_database_options"])

    assert template.render(database_engine=engine, app_database_here=here) == options


def test_static_files_lie_where_the_project_says() -> None:
    """A URL without slashes gets them; one on another host is not ours to serve. B14"""
    assert "location /assets/ {" in rendered(SITES["mysql"])["deploy/nginx/shop.conf"]
    assert "alias" not in rendered(SITES["sqlite"])["deploy/nginx/shop.conf"]


def test_the_proxy_overwrites_what_visitors_could_forge() -> None:
    """R04, R08"""
    proxy = rendered(BASE)["deploy/nginx/snippets/proxy.conf"]

    set_headers = dict(re.findall(r"^proxy_set_header (\S+) (.+);$", proxy, re.MULTILINE))

    assert set_headers["X-Forwarded-For"] == "$remote_addr"
    assert set_headers["X-Forwarded-Proto"] == "$shop_scheme"
    assert set_headers["Forwarded"] == '""'


def test_uploads_are_never_run_as_pages() -> None:
    """R14"""
    files = rendered(SITES["everything"])

    media = files["deploy/nginx/snippets/media.conf"]
    site = files["deploy/nginx/order-desk.conf"]

    assert "X-Content-Type-Options nosniff always;" in media
    assert "sandbox" in media
    assert re.search(r"html\?.*svgz\?.*attachment;", site)


def test_only_the_schedule_and_the_workers_are_never_twice() -> None:
    """J03: beat has no instances, and its unit is enabled on the first machine of `jobs` only."""
    files = rendered(SITES["everything"])

    assert "deploy/systemd/order-desk-beat.service" in files
    jobs = files["deploy/ansible/roles/release/tasks/jobs.yml"]
    beat = jobs[jobs.index("Restart the schedule") :].split("- name:")[0]
    assert "inventory_hostname == groups['jobs'][0]" in beat


def test_a_worker_serves_every_queue_of_the_project() -> None:
    unit = rendered(SITES["everything"])["deploy/systemd/order-desk-worker@.service"]
    choices = yaml.safe_load(rendered(SITES["everything"])["deploy/ansible/group_vars/all.yml"])

    assert 'Environment="WORKER_QUEUES=celery,mail"' in unit
    assert choices["workers"] == [{"name": "main", "queues": "celery,mail", "concurrency": 2}]


@pytest.mark.parametrize("site", SITES)
def test_every_variable_that_a_role_reads_is_explained_or_made_by_a_role(site: str) -> None:
    """group_vars/all.yml is the one place of choices: YAML, and no name of it is unused."""
    files = rendered(SITES[site])
    choices = yaml.safe_load(files["deploy/ansible/group_vars/all.yml"])
    ansible = "".join(
        text
        for path, text in files.items()
        if path.startswith("deploy/ansible/") and "group_vars" not in path
    )

    unused = [name for name in choices if not re.search(rf"\b{name}\b", ansible)]

    assert unused == []


@pytest.mark.parametrize("site", SITES)
def test_what_only_reads_runs_in_check_mode_too(site: str) -> None:
    """`provision --check` skips commands; what later tasks decide by must be asked all the same."""
    skipped = [
        (path, task["name"])
        for path, text in rendered(SITES[site]).items()
        if re.search(r"roles/(?!release/).+/tasks/", path)
        for task in yaml.safe_load(text)
        if task.get("changed_when") is False
        and "register" in task
        and task.get("check_mode") is not False
    ]

    assert skipped == []


def test_awkward_answers_break_no_file() -> None:
    """Quotes, unicode, a mapping in a list: everything that is YAML can still be read. G11"""
    files = rendered(
        BASE
        | {
            "dependency_files": ["requirements/büro's.txt"],
            "env_names": {"secret_key": "SHOP_KEY", "database_name": "DB_NAME"},
            "env_vars": [
                {"name": "STRIPE", "required": True, "default": '"', "where": "a.py:1"},
            ],
        }
    )

    choices = yaml.safe_load(files["deploy/ansible/group_vars/all.yml"])

    assert choices["dependency_files"] == ["requirements/büro's.txt"]
    assert choices["required_env"] == ["STRIPE"]
    assert choices["env_names"]["secret_key"] == "SHOP_KEY"
    assert choices["reads_database_parts"] is True


@pytest.mark.parametrize("site", SITES)
def test_no_trailing_space_and_no_triple_blank_line(site: str) -> None:
    """G12"""
    untidy = [
        path
        for path, text in rendered(SITES[site]).items()
        if path.startswith("deploy/")
        and (re.search(r"[ \t]\n|\n\n\n\n", text) or (text and not text.endswith("\n")))
    ]

    assert untidy == []


def test_commands_run_from_anywhere(tmp_path: Path) -> None:
    """deploy/bin/release goes to deploy/ansible and hands its options on."""
    root = write(tmp_path, BASE)
    tools = tmp_path / "tools"
    tools.mkdir()
    fake = tools / "ansible-playbook"
    fake.write_text('#!/bin/sh\nprintf "%s|" "$(pwd)" "$@"\n')
    fake.chmod(0o755)

    done = subprocess.run(
        [root / "deploy/bin/release", "--extra-vars", "release_ref=v1 2"],
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"{root}/deploy/ansible|release.yml|--extra-vars|release_ref=v1 2|"


def test_the_shared_modules_leave_the_projects_names_alone(tmp_path: Path) -> None:
    """A project may have a module called `databases` or `backup`; ours must not stand before it."""
    folder = write(tmp_path, BASE) / "deploy/ansible/roles/app/files"
    for script in ("migrate.py", "backup.py", "restore.py"):
        code = (
            "import json, sys, types\n"
            "sys.modules['django'] = django = types.ModuleType('django')\n"
            "for name in ('django.conf', 'django.db', 'django.core', 'django.core.management'):\n"
            "    sys.modules[name] = types.ModuleType(name)\n"
            "sys.modules['django.conf'].settings = sys.modules['django.db'].connections = None\n"
            "sys.modules['django.core.management'].call_command = None\n"
            f"sys.path.insert(0, {str(folder)!r})\n"
            f"path = {str(folder / script)!r}\n"
            "exec(compile(open(path).read(), path, 'exec'), {'__name__': 'x', '__file__': path})\n"
            "print(json.dumps(sys.path))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert str(folder) not in json.loads(done.stdout), script
