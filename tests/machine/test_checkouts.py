"""Real projects that nobody of this project wrote, unmodified, from a folder of checkouts.

    pytest -m machine tests/machine/test_checkouts.py --checkouts FOLDER [--checkout-names a,b]

Beside a checkout NAME, a file NAME.yml may say what only its people know: `answers` to open
questions, `env` (variables the project cannot start without), `secrets` (those that are written
into the file on the server), `python` (the folder of an interpreter that Debian does not have),
`pages` (paths that must answer; default: /) and `login` (the admin's login form, empty if there is
none). The results are in docs/evidence.md.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rig.deployment import Deployment
from rig.visit import reboot, release_under_load, see_admin, see_health, see_page

pytestmark = pytest.mark.machine


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "checkout" not in metafunc.fixturenames:
        return
    folder: Path = metafunc.config.getoption("--checkouts")
    wanted = {name for name in metafunc.config.getoption("--checkout-names").split(",") if name}
    found = sorted(path for path in folder.iterdir() if path.is_dir())
    chosen = [path for path in found if not wanted or path.name in wanted]
    assert wanted <= {path.name for path in chosen}, f"not in {folder}: {sorted(wanted)}"
    metafunc.parametrize("checkout", chosen, ids=[path.name for path in chosen])


def particulars(checkout: Path) -> dict[str, Any]:
    """Return what the file beside the checkout says."""
    file = checkout.with_name(f"{checkout.name}.yml")
    said = yaml.safe_load(file.read_text()) if file.exists() else {}
    assert isinstance(said, dict)
    return said


def test_a_real_project_runs_from_the_rendered_files_alone(
    deploy: Callable[..., Deployment], checkout: Path
) -> None:
    said = particulars(checkout)
    slug = checkout.name.split("__")[-1].lower().replace("_", "-").replace(".", "-")[:24].strip("-")
    python = Path(said["python"]) if "python" in said else None
    site = deploy(checkout, slug, python=python, **said.get("answers", {}))
    site.variables |= {"env": said.get("env", {})}
    site.play("site.yml").must_succeed()
    lines = "".join(f'{name}="{value}"\n' for name, value in said.get("secrets", {}).items())
    site.machine.run("tee", "-a", f"/etc/{slug}/env", stdin=lines)
    site.play("release.yml").must_succeed()

    see_health(site)
    pages = {page: see_page(site, page) for page in said.get("pages", ["/"])}
    login = said.get("login", "/admin/login/")
    static = see_admin(site, login) if login else "no admin"
    assert site.play("site.yml").must_succeed().changed == 0
    # A page that is not there (an API without a front page) is no lost request; nor is it asked.
    asked = [page for page, status in pages.items() if status < 400]
    fates = release_under_load(site, [*asked, "/healthz/ready"])
    assert fates.lost == 0, fates
    reboot(site)
    after = {page: see_page(site, page) for page in pages}
    failed = site.machine.sh(f"systemctl list-units --failed --no-legend --plain '{slug}-*'")

    assert (after, failed) == (pages, "")
    print(f"{checkout.name}: pages {pages}, static {static}, {fates.answered} requests, 0 lost")
