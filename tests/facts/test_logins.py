"""Which paths take a password, in the spellings of real URL configurations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from djscaffold.facts.model import Found, Missing
from djscaffold.facts.project import ProjectFacts

ReadSettings = Callable[..., ProjectFacts]


def paths(facts: ProjectFacts) -> tuple[str, ...]:
    return facts.login_paths.value if isinstance(facts.login_paths, Found) else ()


@pytest.mark.parametrize(
    ("route", "login"),
    [
        ('path("admin/", admin.site.urls)', "/admin/login/"),
        ('re_path(r"^admin/", shop_admin_site.urls)', "/admin/login/"),
        ('path(f"{PREFIX}admin/", admin.site.urls)', "/admin/login/"),
        ('path("accounts/", include("allauth.urls"))', "/accounts/login/"),
        ('path("accounts/", include("django.contrib.auth.urls"))', "/accounts/login/"),
        ('path("cms/", include(wagtailadmin_urls))', "/cms/login/"),
        ('path("auth/", include("djoser.urls.jwt"))', "/auth/jwt/create/"),
        ('path("enter/", LoginView.as_view())', "/enter/"),
        ('path("api/token/", TokenObtainPairView.as_view())', "/api/token/"),
        ('path("api/token/", views.obtain_auth_token)', "/api/token/"),
    ],
)
def test_a_path_that_takes_a_password(read_settings: ReadSettings, route: str, login: str) -> None:
    urls = f"from django.urls import include, path, re_path\nurlpatterns = [{route}]\n"

    facts = read_settings("", **{"shop/urls.py": urls})

    assert paths(facts) == (login,)
    assert isinstance(facts.login_paths, Found)
    assert str(facts.login_paths.evidence[0]) == "shop/urls.py:2"


def test_login_url_comes_first_and_the_admin_stays(read_settings: ReadSettings) -> None:
    """Either a path or the name of a route."""
    urls = """urlpatterns = [
        path("admin/", admin.site.urls),
        path("enter/", views.enter, name="enter"),
        path("<slug:shop>/login/", LoginView.as_view()),
    ]
    """

    for url in ("/enter/", "enter", "shop:enter"):
        facts = read_settings(f'LOGIN_URL = "{url}"\n', **{"shop/urls.py": urls})
        assert paths(facts) == ("/enter/", "/admin/login/")


def test_a_site_without_a_login_has_none(read_settings: ReadSettings) -> None:
    facts = read_settings("", **{"shop/urls.py": 'urlpatterns = [path("", views.home)]\n'})

    assert isinstance(facts.login_paths, Missing)
