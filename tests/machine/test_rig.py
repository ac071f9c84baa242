"""The rig itself: what the other machine tests take for granted."""

from __future__ import annotations

import time

import pytest
from rig.browser import Browser
from rig.load import under_load
from rig.machine import BootMachine

pytestmark = pytest.mark.machine

NGINX = """
server {
    listen 443 ssl http2;
    server_name rig.test;
    ssl_certificate /etc/nginx/rig.crt;
    ssl_certificate_key /etc/nginx/rig.key;
    location / { return 200 "hello\\n"; }
    location /missing { return 503; }
}
"""


def test_a_machine_boots_installs_serves_and_comes_back(boot_machine: BootMachine) -> None:
    """A service that was installed over the local repository survives a reboot, and is counted."""
    machine = boot_machine("rig")
    machine.sh("apt-get install -y -qq --no-install-recommends nginx-light openssl > /dev/null")
    machine.sh(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=rig.test"
        " -addext subjectAltName=DNS:rig.test"
        " -keyout /etc/nginx/rig.key -out /etc/nginx/rig.crt 2> /dev/null"
    )
    machine.run("tee", "/etc/nginx/conf.d/rig.conf", stdin=NGINX)
    machine.sh("systemctl restart nginx")
    browser = Browser(machine.address, "rig.test", machine.root / "etc/nginx/rig.crt")

    with machine.lan.entered():
        before = browser.get("/")
        with under_load(machine.address, "rig.test", ["/"], connections=4) as good:
            time.sleep(1)
        with under_load(machine.address, "rig.test", ["/missing"], connections=4) as bad:
            time.sleep(0.5)
        with under_load(machine.address, "rig.test", ["/"], connections=4) as cut:
            machine.sh("systemctl kill --signal=KILL --kill-whom=all nginx")
            time.sleep(0.5)
    machine.reboot()
    with machine.lan.entered():
        after = browser.get("/")

    assert (before.text, before.http_version) == ("hello\n", "2")
    assert after.text == "hello\n"
    assert good.answered > 20
    assert good.lost == 0
    assert bad.answered == 0
    assert bad.refused_by_status["503"] == bad.lost
    assert cut.lost > 0
