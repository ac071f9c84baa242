"""What can be done with the shop, once it runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rig.browser import Browser
from rig.deployment import Deployment, Run, commit
from rig.runbook import Block, blocks
from rig.visit import PASSWORD, wait_for

STOCK = (
    "from django.contrib.auth.models import User;"
    f"User.objects.create_superuser('ann', 'ann@example.org', '{PASSWORD}');"
    "from orders.models import Product;"
    "[Product.objects.create(name=f'Thing {n}', price_cents=n) for n in range(40)]"
)
# A release with it stops, and says why.
BROKEN_MIGRATION = """from django.db import migrations


def fail(apps, schema_editor):
    raise ValueError('the shelf is locked')


class Migration(migrations.Migration):
    dependencies = [('orders', '0001_initial')]
    operations = [migrations.RunPython(fail)]
"""


def runbook(shop: Deployment, section: str) -> list[Block]:
    """Return the commands of a section of the rendered README."""
    return blocks(shop.project / "deploy/README.md", section)


def counts(visitor: Browser) -> dict[str, Any]:
    """Return how many rows of each kind there are."""
    answer = visitor.get("/counts.json")
    assert answer.status == 200, answer.text
    return answer.json()


def python(shop: Deployment, code: str) -> str:
    """Run *code* in the site's own shell."""
    return shop.manage("shell", "--verbosity", "0", "-c", code)


def change(shop: Deployment, path: str, text: str) -> None:
    """Write and commit a file of the project."""
    (shop.project / path).write_text(text)
    commit(shop.project, f"Change {path}")


def data_sheet(shop: Deployment) -> str:
    """Return the address of the form that takes a file."""
    code = "from orders.models import Product; print(Product.objects.first().pk)"
    return f"/products/{int(python(shop, code))}/data-sheet/"


def upload(shop: Deployment, visitor: Browser, file: Path) -> None:
    """Send a file as a visitor who has logged in."""
    sent = visitor.post(data_sheet(shop), {}, data_sheet=file)
    assert sent.status == 302, sent.text[:500]


def visit_too_early(shop: Deployment) -> None:
    """Ask while no release runs, as somebody always does; the unit that stands for all starts."""
    ask = f"curl --silent --max-time 2 --unix-socket /run/{shop.slug}-web.sock http://localhost/"
    until = f"until systemctl is-active {shop.slug}-web.service; do sleep 0.2; done"
    shop.machine.sh(f"{ask}; timeout 30 sh -c '{until}'")


def order(visitor: Browser) -> None:
    """Order something; the job that this gives a worker is done."""
    page = visitor.get("/")
    (product,) = re.findall(r'<option value="(\d+)"', page.text)[:1]
    sent = visitor.post("/", {"product": product, "customer": "bob@example.org"})
    assert sent.status == 302, sent.text[:500]
    job = sent.headers["location"]
    wait_for(lambda: visitor.get(job).json()["receipt_sent"], 60, "receipt sent")


def watching(shop: Deployment) -> list[str]:
    """Return the release whose code watches the orders, for ever."""
    unit = f"{shop.slug}-daemon@watch-orders"
    pid = shop.machine.sh(f"systemctl show --property MainPID --value {unit}").strip()
    return [Path(shop.machine.sh(f"readlink /proc/{pid}/cwd").strip()).name]


def spoil_the_worker(shop: Deployment, after_s: float) -> Run:
    """Release a worker that does not come up, and take that back; return how the release ended.

    It dies *after_s* and is restarted, and mostly waits for the next time when the release gives
    up. Before 0.3 s systemd may not have noticed yet that it has started.
    """
    unit = shop.project / "deploy/systemd/shop-worker@.service"
    good = unit.read_text()
    dies = f"ExecStart=/bin/sh -c 'echo not_celery; sleep {after_s}; exit 2'"
    bad = re.sub("(?m)^ExecStart=.*$", dies, good)
    change(shop, "deploy/systemd/shop-worker@.service", bad.replace("RestartSec=5", "RestartSec=1"))
    run = shop.play("release.yml")
    unit.write_text(good)
    commit(shop.project, "Take the worker back")
    return run
