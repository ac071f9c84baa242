"""Bare machines, and projects scaffolded for them: what a test begins with."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from rig.deployment import PYTHON, WHEELHOUSE, Deployment, commit, scaffold
from rig.machine import BootMachine, Lan, Machine
from rig.wheels import make_wheelhouse

Deploy = Callable[..., Deployment]


@contextlib.contextmanager
def booting(image: Path) -> Iterator[BootMachine]:
    """Give a way to boot machines on one LAN; all are gone at the end."""
    lan = Lan(f"djs{os.getpid() % 100000}")
    machines: list[Machine] = []

    def boot(name: str, shared: dict[Path, str] | None = None) -> Machine:
        machine = Machine(name, image, lan, shared or {})
        machines.append(machine)
        machine.up()
        return machine

    lan.up()
    try:
        yield boot
    finally:
        for machine in machines:
            machine.down()
        lan.down()


def deploying(boot: BootMachine, key: Path, suite: str, make_folder: Callable[[], Path]) -> Deploy:
    """Return a way to scaffold a project and boot a bare machine for it."""

    def make(
        source: Path,
        slug: str,
        *,
        python: Path | None = None,
        shared: dict[Path, str] | None = None,
        committed: bool = True,
        **answers: object,
    ) -> Deployment:
        project = make_folder() / source.name
        domain = str(answers.pop("domain", f"{slug}.test"))
        scaffold(source, project, project_slug=slug, domain=domain, **answers)
        binary = python / "bin/python3" if python else None
        if committed:
            commit(project, "Deployment files")
        wheels = make_wheelhouse(suite, project, binary)
        given = {python: PYTHON} if python else {}
        machine = boot(slug, {wheels: WHEELHOUSE, **given, **(shared or {})})
        deployment = Deployment(
            project=project,
            slug=slug,
            domain=domain,
            machine=machine,
            key=key,
            wheels=wheels,
            variables={
                "wheelhouse": WHEELHOUSE,
                "python_binary": f"{PYTHON}/bin/python3" if python else "",
            },
        )
        deployment.authorize()
        if python:
            # Its own library lies where its maker put it, which is nowhere here.
            machine.sh(f"echo {PYTHON}/lib > /etc/ld.so.conf.d/given-python.conf && ldconfig")
        return deployment

    return make
