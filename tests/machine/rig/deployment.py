"""A project scaffolded by `djscaffold init`, deployed onto a machine by the rendered files alone.

What a person would edit is given from outside: the inventory names the machine under test, and a
file of variables says that packages come from a folder and certificates are self-signed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rig.browser import Browser
from rig.machine import Lan, Machine

WHEELHOUSE = "/opt/wheels"
# Where a machine finds an interpreter that its Debian does not have.
PYTHON = "/opt/python"
GIT = (
    "git",
    *("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"),
)


AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.org"))
}


def scaffold(source: Path, project: Path, **answers: object) -> None:
    """Copy *source* to *project*, make it a git repository, run `djscaffold init`."""
    shutil.copytree(source, project, symlinks=True)
    if not (project / ".git").exists():
        _git(project, "init", "--quiet", "--initial-branch=main")
        commit(project, "The project")
    data = [
        word
        for name, value in answers.items()
        for word in ("--data", f"{name}={value if isinstance(value, str) else json.dumps(value)}")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "djscaffold", "init", "--platform", "onprem", "--defaults", *data],
        cwd=project,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise AssertionError(f"init exited {done.returncode}\n{done.stdout}{done.stderr}")


def commit(project: Path, message: str) -> None:
    """Commit whatever changed, ignored files too where they are forced by name."""
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", "--allow-empty", "-m", message)


def _git(project: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=project, check=True, capture_output=True)


@dataclass(frozen=True)
class Run:
    """How a playbook ended."""

    code: int
    output: str

    @property
    def changed(self) -> int:
        """Return how many tasks changed something, over all hosts."""
        return sum(int(number) for number in re.findall(r"changed=(\d+)", self.output))

    def must_succeed(self) -> Run:
        """Return the run; raise with the end of its output if it failed."""
        assert self.code == 0, self.output[-6000:]
        return self


@dataclass
class Deployment:
    """One project on one machine."""

    project: Path
    slug: str
    domain: str
    machine: Machine
    key: Path
    wheels: Path
    variables: dict[str, object] = field(default_factory=dict)

    @property
    def lan(self) -> Lan:
        """Return the network that visitors and Ansible are in."""
        return self.machine.lan

    @property
    def scratch(self) -> Path:
        """Return where the person's own computer keeps what is needed for a moment."""
        return self.project.parent / f"{self.project.name}-tmp"

    def browser(self) -> Browser:
        """Return a visitor who trusts the machine's certificate and nothing else."""
        return Browser(self.machine.address, self.domain, self._certificate())

    def _certificate(self) -> Path:
        return self.machine.root / f"etc/{self.slug}/tls/fullchain.pem"

    def authorize(self, machine: Machine | None = None) -> None:
        """Let the test's SSH key in, as whoever rents a server does."""
        public = self.key.with_suffix(".pub").read_text()
        machine = machine or self.machine
        machine.run("install", "-d", "-m", "0700", "/root/.ssh")
        machine.run("tee", "/root/.ssh/authorized_keys", stdin=public)

    def play(self, playbook: str, *options: str, **variables: object) -> Run:
        """Run a rendered playbook against the machine, over SSH."""
        folder = self.project / "deploy/ansible"
        given = self.project.parent / f"{self.project.name}-variables.json"
        given.write_text(json.dumps({**self.variables, **variables}))
        given_files = ("-i", str(self._inventory()), "-e", f"@{given}")
        argv = ["ansible-playbook", *given_files, playbook, *options]
        with self.lan.entered():
            done = subprocess.run(
                argv,
                cwd=folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return Run(done.returncode, done.stdout)

    def here(self, commands: str) -> Run:
        """Run shell commands as they stand in the runbook, in the repository on one's computer."""
        with self.lan.entered():
            done = subprocess.run(
                ["bash", "-ec", commands],
                cwd=self.project,
                env=self._environment() | AUTHOR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return Run(done.returncode, done.stdout)

    def choose(self, **choices: object) -> None:
        """Edit group_vars/all.yml, as the runbook asks people to."""
        path = self.project / "deploy/ansible/group_vars/all.yml"
        text = path.read_text()
        for name, value in choices.items():
            text, count = re.subn(rf"(?m)^{name}: .*$", f"{name}: {json.dumps(value)}", text)
            assert count == 1, name
        path.write_text(text)

    def _inventory(self) -> Path:
        """Write the rendered inventory with the machine's address, as a person would edit it."""
        rendered = (self.project / "deploy/ansible/inventory.yml").read_text()
        path = self.project / "deploy/ansible/inventory.test.yml"
        path.write_text(
            re.sub(r"ansible_host: .*", f"ansible_host: {self.machine.address}", rendered)
        )
        ignored = self.project / ".git/info/exclude"
        ignored.write_text("inventory.test.yml\n")
        return path

    def _environment(self) -> dict[str, str]:
        # What DNS would say, and what a person has in ~/.ssh/config.
        config = self.project.parent / f"{self.project.name}-ssh-config"
        config.write_text(
            f"Host {self.domain}\n  HostName {self.machine.address}\n"
            "Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n"
        )
        options = f"-F {config}"
        self.scratch.mkdir(exist_ok=True)
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.project.parent),
            "TMPDIR": str(self.scratch),
            "USER": "ann",
            "LANG": "C.UTF-8",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_TIMEOUT": "60",
            "ANSIBLE_SSH_ARGS": f"{options} -o ControlMaster=auto -o ControlPersist=60s",
            "ANSIBLE_PRIVATE_KEY_FILE": str(self.key),
        }

    def manage(self, *words: str, stdin: str | None = None, on: Machine | None = None) -> str:
        """Run a management command on the machine that serves, as a person there would."""
        command = f"/srv/{self.slug}/current/deploy/bin/manage"
        return (on or self.machine).run(command, *words, stdin=stdin).stdout


def make_key(folder: Path) -> Path:
    """Return a new SSH key pair's private half."""
    path = folder / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path
