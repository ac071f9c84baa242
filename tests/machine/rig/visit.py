"""What has to hold for every deployed site, whatever it is about."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from rig.browser import Browser
from rig.deployment import Deployment, commit
from rig.load import Fates, under_load
from rig.machine import Machine

PASSWORD = "correct-horse-battery"
SUPERUSER = (
    "from django.contrib.auth import get_user_model as g; U = g();"
    "names = {f.name for f in U._meta.fields};"
    "more = {n: v for n, v in (('email', 'ann@example.org'), ('username', 'ann')) if n in names};"
    "u = U(**more, is_superuser=True); u.set_password({password!r});"
    "[setattr(u, n, True) for n in ('is_staff', 'is_admin', 'is_active') if n in names];"
    "u.save(); print(getattr(u, U.USERNAME_FIELD))"
)


def wait_for(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return the first true answer of *condition*."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := condition():
            return answer
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {what}")


def status_of(visitor: Browser, path: str) -> int:
    """Return the status of a page; 0 if there was no answer at all."""
    try:
        return visitor.get(path).status
    except ConnectionError:
        return 0


def serving(deployment: Deployment, *, on: Machine | None = None) -> list[str]:
    """Return the releases that run, *on* a machine that serves if that is not the public one."""
    said = (on or deployment.machine).sh(
        f"systemctl list-units --plain --no-legend '{deployment.slug}-web@*.service'"
    )
    return re.findall(rf"{deployment.slug}-web@(\S+)\.service", said)


def open_ports(deployment: Deployment, ports: list[int]) -> list[int]:
    """Return those of *ports* that take a connection from outside."""
    script = (
        "import socket, sys\n"
        "for port in sys.argv[2:]:\n"
        "    with socket.socket() as s:\n"
        "        s.settimeout(0.3)\n"
        "        if s.connect_ex((sys.argv[1], int(port))) == 0: print(port)\n"
    )
    argv = [sys.executable, "-c", script, deployment.machine.address, *map(str, ports)]
    with deployment.lan.entered():
        seen = subprocess.run(argv, capture_output=True, text=True, check=True)
    return [int(port) for port in seen.stdout.split()]


def see_health(deployment: Deployment) -> None:
    """Health answers to a host name that is not ours, over plain HTTP, as balancers ask."""
    with deployment.lan.entered():
        visitor = deployment.browser()
        visitor.scheme = "http"
        for kind in ("live", "ready"):
            answer = visitor.get(f"/healthz/{kind}", host="10.0.3.7:8000")
            assert answer.status == 200, (kind, answer)


def see_page(deployment: Deployment, path: str = "/") -> int:
    """Return the status of a page; it is no error of the server, and the host is accepted."""
    with deployment.lan.entered():
        answer = deployment.browser().get(path)
    assert answer.status < 500, answer.text[:2000]
    assert answer.status != 400, answer.text[:2000]
    return answer.status


def see_admin(
    deployment: Deployment, login: str = "/admin/login/", *, on: Machine | None = None
) -> str:
    """Sign in at the admin by its form; return the static file that its page names first.

    The administrator is made *on* a machine that serves, if that is not the public one.
    """
    code = SUPERUSER.replace("{password!r}", repr(PASSWORD))
    user = deployment.manage("shell", "--verbosity", "0", "-c", code, on=on)
    with deployment.lan.entered():
        visitor = deployment.browser()
        page = visitor.get(login)
        (first, *_) = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js))"', page.text)
        answer = visitor.log_in(user.split()[-1], PASSWORD, login)
        assert answer.status == 302, (answer.status, answer.text[:500])
        static = visitor.get(first)
        assert static.status == 200, (first, static.status)
        assert "max-age=" in static.headers["cache-control"], static.headers
    return str(first)


def release_under_load(deployment: Deployment, paths: list[str]) -> Fates:
    """Make one release while visitors ask; return what became of their requests."""
    (deployment.project / "RELEASED").write_text(f"{time.time()}\n")
    commit(deployment.project, "Another release")
    with deployment.lan.entered():
        load = under_load(deployment.machine.address, deployment.domain, paths)
        with load as fates:
            deployment.play("release.yml").must_succeed()
    return fates


def reboot(deployment: Deployment) -> None:
    """Restart the machine; the site is ready again by itself within a minute."""
    deployment.machine.reboot()
    with deployment.lan.entered():
        visitor = deployment.browser()
        wait_for(lambda: status_of(visitor, "/healthz/ready") == 200, 60, "ready after reboot")
