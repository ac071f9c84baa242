"""The rendered settings module, on a project as startproject makes it."""

from __future__ import annotations

from .conftest import SECRET, MakeSite


def test_a_beginners_project_passes_djangos_own_deployment_check(make_site: MakeSite) -> None:
    """DEBUG, SECRET_KEY and an empty ALLOWED_HOSTS are in the code, and stay there."""
    site = make_site()

    done = site.manage("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout
    assert site.setting("s.DEBUG, s.SECRET_KEY, s.ALLOWED_HOSTS") == (
        f"False {SECRET} ['shop.example.org']"
    )
