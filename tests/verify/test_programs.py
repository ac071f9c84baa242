"""Each check, by its real tool: silent on what is right, its own words on what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunCheck

SITE = """
upstream shop_web {
    server unix:/run/shop-web.sock;
}
server {
    include snippets/shop/listen.conf;
    include snippets/shop/limits.conf;
    include snippets/shop/site.d/*.conf;
    server_name shop.example.org;
    location / {
        proxy_pass http://shop_web;
    }
}
"""
OLD = """listen 443 ssl http2;
ssl_certificate /etc/shop/tls/fullchain.pem;
ssl_certificate_key /etc/shop/tls/privkey.pem;
"""
NEW = OLD.replace(" http2", "") + "http2 on;\n"
NGINX = {
    "deploy/nginx/shop.conf": SITE,
    "deploy/nginx/snippets/listen-tls.conf": NEW,
    "deploy/nginx/snippets/listen-tls-before-1.25.conf": OLD,
}
SANDBOX = """
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateNetwork=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
CapabilityBoundingSet=
UMask=0027
IPAddressDeny=any
"""
UNIT = """[Unit]
Description=web

[Service]
User=shop
ExecStart=/srv/shop/releases/%i/.venv/bin/gunicorn
"""
PLAYBOOK = """---
- name: Make the server
  hosts: all
  tasks:
    - name: Say hello
      ansible.builtin.debug:
        msg: hello
"""


def test_nginx_accepts_a_site_whose_other_files_only_a_server_has(run_check: RunCheck) -> None:
    """No certificate, no port 443 and no file of Ansible's is needed to read it."""
    (result,) = run_check("nginx", NGINX)

    assert (result.status, result.words) == ("passed", "")


def test_nginx_names_the_rendered_file_and_line(run_check: RunCheck) -> None:
    broken = SITE.replace("proxy_pass", "proxy_pas")

    (result,) = run_check("nginx", NGINX | {"deploy/nginx/shop.conf": broken})

    assert result.status == "failed"
    assert 'unknown directive "proxy_pas" in deploy/nginx/shop.conf:11' in result.words


def test_nginx_warnings_are_failures(run_check: RunCheck) -> None:
    twice = SITE + SITE[SITE.index("server {\n    include") :]

    (result,) = run_check("nginx", NGINX | {"deploy/nginx/shop.conf": twice})

    assert "conflicting server name" in result.words


def test_systemd_accepts_units_of_programs_that_are_not_here(run_check: RunCheck) -> None:
    (result,) = run_check("systemd", {"deploy/systemd/shop-web@.service": UNIT + SANDBOX})

    assert (result.status, result.words) == ("passed", "")


def test_an_unknown_setting_is_a_failure_although_systemd_only_warns(run_check: RunCheck) -> None:
    unit = UNIT + "PrivatTmp=yes\n"

    (result,) = run_check("systemd", {"deploy/systemd/shop-web@.service": unit})

    assert result.status == "failed"
    assert "deploy/systemd/shop-web@.service:7: Unknown key" in result.words


def test_a_schedule_that_is_none_is_found(run_check: RunCheck) -> None:
    timer = "[Timer]\nOnCalendar=dayly\nUnit=shop-backup.service\n"

    (result,) = run_check("systemd", {"deploy/systemd/shop-backup.timer": timer})

    assert "dayly" in result.words


def test_the_exposure_of_every_service_is_measured(run_check: RunCheck) -> None:
    locked, open_ = run_check(
        "systemd-security",
        {
            "deploy/systemd/shop-a@.service": UNIT + SANDBOX,
            "deploy/systemd/shop-b.service": UNIT.replace("%i", "x"),
        },
    )

    assert (locked.status, locked.subject) == ("passed", "deploy/systemd/shop-a@.service")
    assert (open_.status, open_.subject) == ("failed", "deploy/systemd/shop-b.service")
    assert "9.2 UNSAFE" in open_.words
    assert "at most 1.5" in open_.words


def test_gunicorn_accepts_a_good_configuration(run_check: RunCheck) -> None:
    pytest.importorskip("gunicorn")
    text = "import os\nworkers = int(os.environ.get('WEB_CONCURRENCY', '2'))\n_CORES = 2\n"

    results = run_check("gunicorn", {"deploy/gunicorn.conf.py": text})

    assert [result.status for result in results] == ["passed", "passed"]


def test_a_misspelt_gunicorn_setting_is_found(run_check: RunCheck) -> None:
    """gunicorn itself takes it without a word."""
    pytest.importorskip("gunicorn")

    names, values = run_check("gunicorn", {"deploy/gunicorn.conf.py": "\ngracful_timeout = 3\n"})

    assert (
        "deploy/gunicorn.conf.py:2: gunicorn has no setting called gracful_timeout" in names.words
    )
    assert values.status == "passed"


def test_a_wrong_gunicorn_value_is_found(run_check: RunCheck) -> None:
    pytest.importorskip("gunicorn")

    _, values = run_check("gunicorn", {"deploy/gunicorn.conf.py": "workers = 'many'\n"})

    assert values.status == "failed"
    assert "many" in values.words


def test_every_playbook_is_read_and_the_inventory_is_none(run_check: RunCheck) -> None:
    inventory = "---\nall:\n  hosts:\n    app1:\n      ansible_host: 192.0.2.10\n"

    results = run_check(
        "ansible",
        {
            "deploy/ansible/inventory.yml": inventory,
            "deploy/ansible/site.yml": PLAYBOOK,
            "deploy/ansible/release.yml": PLAYBOOK.replace("debug", "debugg"),
        },
    )

    assert [(result.subject, result.status) for result in results] == [
        ("deploy/ansible/release.yml", "failed"),
        ("deploy/ansible/site.yml", "passed"),
    ]
    assert "debugg" in results[0].words


def test_shellcheck_reads_scripts_by_their_first_line(run_check: RunCheck) -> None:
    files = {
        "deploy/bin/manage": "#!/bin/sh\ncd $1\n",
        "deploy/bin/notes": "not a script: $1 is a price\n",
    }

    (result,) = run_check("shellcheck", files)

    assert result.subject == "deploy: scripts (1)"
    assert "deploy/bin/manage:2" in result.words


def test_actionlint_reads_the_workflows_that_are_ours(run_check: RunCheck) -> None:
    broken = (
        "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'echo ${{ nobody.knows }}'}]}}\n"
    )
    files = {".github/workflows/deploy.yml": broken, ".github/workflows/mine.yml": "on: [\n"}

    (result,) = run_check("actionlint", files)

    assert (result.subject, result.status) == ("GitHub workflows (1)", "failed")
    assert "nobody" in result.words
    assert "mine.yml" not in result.words


def test_yamllint_finds_a_key_given_twice(run_check: RunCheck) -> None:
    (result,) = run_check("yamllint", {"deploy/ansible/site.yml": "a: 1\na: 2\n"})

    assert 'duplication of key "a"' in result.words


@pytest.mark.parametrize(
    "name",
    ["nginx", "systemd", "systemd-security", "ansible", "ansible-lint", "shellcheck", "actionlint"],
)
def test_nothing_to_check_is_skipped_not_passed(run_check: RunCheck, name: str) -> None:
    (result,) = run_check(name, {"README.md": ""})

    assert result.status == "skipped"
    assert "no " in result.words


def test_django_runs_only_in_an_environment_that_was_given(run_check: RunCheck) -> None:
    (result,) = run_check("django", {"deploy/django/deployment/project.py": "REQUIRED = {}\n"})

    assert result.status == "skipped"
    assert "--python" in result.words


def test_django_tells_what_its_own_check_says(run_check: RunCheck) -> None:
    """The settings are loaded with the stand-in secret, which is no weak one."""
    files = {
        "deploy/django/deployment/__init__.py": "",
        "deploy/django/deployment/project.py": "VARIABLES = {'secret_key': 'KEY'}\nREQUIRED = {}\n",
        "deploy/django/deployment/settings.py": (
            "import os\nSECRET_KEY = os.environ['KEY']\nDEBUG = True\nALLOWED_HOSTS = ['x']\n"
        ),
    }

    (result,) = run_check("django", files, python=Path(sys.executable))

    assert result.status == "failed"
    assert "security.W018" in result.words
    assert "security.W009" not in result.words


def test_django_says_which_variables_it_cannot_make_up(run_check: RunCheck) -> None:
    project = "VARIABLES = {}\nREQUIRED = {'PARTNER_URL': 'shop/settings.py:3'}\n"

    (result,) = run_check(
        "django", {"deploy/django/deployment/project.py": project}, python=Path(sys.executable)
    )

    assert result.status == "skipped"
    assert "PARTNER_URL" in result.words
    assert "--env-file" in result.words
