"""The parts of the rendered package, called directly."""

from __future__ import annotations

import json
import logging
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[3]


def environment(**variables: str) -> Any:
    return import_module("deployment.environment").Environment(variables)


def default_database(env: Any, own: dict[str, Any] | None = None) -> dict[str, Any]:
    result = import_module("deployment.databases").databases(env, {"default": own or {}})
    return dict(result["default"])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p@db/shop", ("postgresql", "shop", "u", "p", "db", "")),
        (
            "postgresql://u:p%24a%25b%40c%2Fd%23e@db:5433/shop?sslmode=require",
            ("postgresql", "shop", "u", "p$a%b@c/d#e", "db", "5433"),
        ),
        ("postgres:///shop", ("postgresql", "shop", "", "", "", "")),
        ("postgres:///shop?host=/run/Pg", ("postgresql", "shop", "", "", "/run/Pg", "")),
        ("postgres://u@%2Frun%2FPg/shop", ("postgresql", "shop", "u", "", "/run/Pg", "")),
        ("postgres://u:p@[::1]:5432/shop", ("postgresql", "shop", "u", "p", "::1", "5432")),
        ("postgis://u:p@db/geo", ("postgis", "geo", "u", "p", "db", "")),
        ("mysql://u:p@db/shop", ("mysql", "shop", "u", "p", "db", "")),
        ("mariadb://u:p@db/shop", ("mysql", "shop", "u", "p", "db", "")),
    ],
)
def test_an_address_of_a_database(
    deployment: ModuleType, url: str, expected: tuple[str, ...]
) -> None:
    """C03: any password survives, written as addresses demand."""
    env = environment(DATABASE_URL=url)

    database = default_database(env)

    assert env.problems == []
    assert (database["ENGINE"].split(".")[-1], *(database[k] for k in PARTS)) == expected


PARTS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@pytest.mark.parametrize(
    "url",
    [
        "shop",
        "oracle://u:canary@db/shop",
        "postgres://u:canary@db",
        "postgres://u:can/ary@db/shop",
        "postgres://u:1/canary@db/shop",
        "postgres://u:can#ary@db/shop",
        "postgres://u:can?ary@db/shop",
        "sqlite:///canary.sqlite3",
        "sqlite://canary/db.sqlite3",
    ],
)
def test_a_wrong_address_is_refused_without_showing_it(deployment: ModuleType, url: str) -> None:
    env = environment(DATABASE_URL=url)

    default_database(env)

    [problem] = env.problems
    assert problem.startswith("DATABASE_URL must be ")
    assert "can" not in problem.replace("cannot", "")


def test_a_password_of_its_own_needs_no_quoting(deployment: ModuleType) -> None:
    """C03, C02: what a secret store writes is used as it is."""
    env = environment(DATABASE_URL="postgres://u@db/shop", DATABASE_PASSWORD="p$a%b@c/d#e")

    assert default_database(env)["PASSWORD"] == "p$a%b@c/d#e"


def test_connections_are_kept_and_checked_but_not_under_asgi(deployment: ModuleType) -> None:
    """C05"""
    url = "postgres://u@db/shop"
    own = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 500}

    kept = default_database(environment(DATABASE_URL=url))
    projects = default_database(environment(DATABASE_URL=url), own)
    asgi = default_database(environment(DATABASE_URL=url, DEPLOYMENT_INTERFACE="asgi"), own)
    pooled = default_database(
        environment(DATABASE_URL=url, DATABASE_TRANSACTION_POOLING="true"),
        {**own, "OPTIONS": {"pool": True}},
    )

    assert [entry["CONN_MAX_AGE"] for entry in (kept, projects, asgi, pooled)] == [60, 500, 0, 0]
    assert kept["CONN_HEALTH_CHECKS"] is True
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_a_backend_of_the_projects_own_stays_if_it_is_for_the_same_database(
    deployment: ModuleType,
) -> None:
    url = "postgres://u@db/shop"
    own = {
        "ENGINE": "django_tenants.postgresql_backend",
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"a": 1},
    }
    sqlite = {
        "ENGINE": "django.db.backends.sqlite3",
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"timeout": 5},
    }

    same = default_database(environment(DATABASE_URL=url), own)
    other = default_database(environment(DATABASE_URL=url), sqlite)

    assert (same["ENGINE"], same["OPTIONS"]) == ("django_tenants.postgresql_backend", {"a": 1})
    assert (other["ENGINE"], other["OPTIONS"]) == ("django.db.backends.postgresql", {})
    assert same["ATOMIC_REQUESTS"] is other["ATOMIC_REQUESTS"] is True


@pytest.mark.parametrize(
    ("value", "hosts", "wrong"),
    [
        ("a.example.org,b.example.org", ["shop.example.org", "a.example.org", "b.example.org"], 0),
        ("a.example.org b.example.org", ["shop.example.org", "a.example.org", "b.example.org"], 0),
        ('["a.example.org"]', ["shop.example.org", "a.example.org"], 0),
        (".example.org, 10.0.0.1", ["shop.example.org", ".example.org", "10.0.0.1"], 0),
        ("", ["shop.example.org"], 0),
        ("*", None, 1),
        ("https://a.example.org", None, 1),
        ("a.example.org:8000,a/b", None, 2),
    ],
)
def test_hosts(deployment: ModuleType, value: str, hosts: list[str] | None, wrong: int) -> None:
    """R06: never everybody; the environment adds to the site's domain."""
    env = environment(ALLOWED_HOSTS=value)

    found = import_module("deployment.hosts").allowed_hosts(env)

    assert len(env.problems) == wrong
    assert hosts is None or found == hosts


def test_origins_have_a_scheme_and_cover_every_host(deployment: ModuleType) -> None:
    """R05"""
    origins = import_module("deployment.hosts").trusted_origins(
        environment(CSRF_TRUSTED_ORIGINS="https://app.example.net/"),
        ["shop.example.org", ".example.com"],
        ["http://localhost:3000", "https://partner.example"],
        https=True,
    )

    assert origins == [
        "https://shop.example.org",
        "https://*.example.com",
        "https://app.example.net",
        "https://partner.example",
    ]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("203.0.113.9", 2, None),
        ("203.0.113.9", 0, None),
        ("<script>", 1, None),
        ("", 1, None),
    ],
)
def test_the_client_is_who_the_trusted_proxy_saw(
    deployment: ModuleType, forwarded: str, proxies: int, address: str | None
) -> None:
    """R08: what a client writes into the header is not believed."""
    found = import_module("deployment.client").client_address(forwarded, proxies)

    assert found == address


def test_mail_by_one_address_in_either_form_of_django(deployment: ModuleType) -> None:
    mail = import_module("deployment.mail").mail
    url = "smtp://u%40x:p%23w@mail.example.org"

    older = mail(environment(EMAIL_URL=url), {})
    newer = mail(environment(EMAIL_URL=url), {"MAILERS": {}})["MAILERS"]["default"]["OPTIONS"]

    assert (older["EMAIL_HOST_USER"], older["EMAIL_HOST_PASSWORD"]) == ("u@x", "p#w")
    assert (older["EMAIL_PORT"], older["EMAIL_USE_TLS"], older["EMAIL_USE_SSL"]) == (
        587,
        True,
        False,
    )
    assert (newer["username"], newer["port"], newer["use_tls"]) == ("u@x", 587, True)
    assert older["DEFAULT_FROM_EMAIL"] == "webmaster@shop.example.org"


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://x", "smtp://u:can/ary@h", "smtp://h?tls=x"]
)
def test_a_wrong_address_of_mail_is_refused(deployment: ModuleType, url: str) -> None:
    env = environment(EMAIL_URL=url)

    import_module("deployment.mail").mail(env, {})

    assert [problem.partition(" ")[0] for problem in env.problems] == ["EMAIL_URL"]
    assert "ary" not in env.problems[0]


def test_a_cache_shared_by_all_processes(deployment: ModuleType) -> None:
    caches = import_module("deployment.caches").caches
    own = {"default": {"BACKEND": "django_redis.cache.RedisCache", "OPTIONS": {"a": 1}}}

    kept = caches(environment(CACHE_URL="redis://r/1"), own)["default"]
    table = caches(environment(CACHE_URL="db://cache"), {})["default"]
    env = environment(CACHE_URL="ftp://canary")
    caches(env, {})

    assert (kept["BACKEND"], kept["LOCATION"], kept["OPTIONS"]) == (
        "django_redis.cache.RedisCache",
        "redis://r/1",
        {"a": 1},
    )
    assert (table["LOCATION"], table["KEY_PREFIX"]) == ("cache", "shop")
    assert env.problems
    assert "canary" not in env.problems[0]


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("shop", logging.ERROR, __file__, 1, message, (), None)


def test_no_secret_is_logged_and_no_event_twice(
    deployment: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """C01: neither the address of the database nor the password in it."""
    env = environment(DATABASE_URL="postgres://u:a%40canary-password@db/shop")
    env.secret("database_url")
    logs = import_module("deployment.logs")
    handler = logs.Console(env.secrets)
    event = record("postgres://u:a%40canary-password@db/shop, a@canary-password")

    handler.emit(event)
    handler.emit(event)

    assert capsys.readouterr().out == "[secret], [secret]\n"


def test_json_lines(deployment: ModuleType) -> None:
    line = json.loads(import_module("deployment.logs").JSONFormatter().format(record('a "b"\nc')))

    assert (line["severity"], line["logger"], line["message"]) == ("ERROR", "shop", 'a "b"\nc')


def test_the_projects_loggers_stay_and_write_to_standard_output(deployment: ModuleType) -> None:
    own = {
        "LOGGING": {
            "version": 1,
            "handlers": {
                "file": {"class": "logging.FileHandler", "filename": "x", "level": "ERROR"},
                "admins": {"class": "django.utils.log.AdminEmailHandler"},
            },
            "loggers": {"shop": {"handlers": ["file", "admins"], "level": "DEBUG"}},
        }
    }

    config = import_module("deployment.logs").logging_settings(environment(), own)

    assert config["loggers"] == own["LOGGING"]["loggers"]
    assert (config["handlers"]["file"]["()"], config["handlers"]["file"]["level"]) == (
        "deployment.logs.Console",
        "ERROR",
    )
    assert "filename" not in config["handlers"]["file"]
    assert config["handlers"]["admins"] == own["LOGGING"]["handlers"]["admins"]


def test_probes_cannot_hammer_the_database(
    deployment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("deployment.health")
    health = module.Health()
    asked: list[bool] = []
    monkeypatch.setattr(module.time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(health, "_ask_database", lambda: not asked.append(True))

    answers = {health.answer("ready", "GET")[0] for _ in range(50)}

    assert (answers, len(asked)) == ({200}, 1)


def test_one_slow_answer_of_the_database_is_no_outage(
    deployment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A balancer that takes a busy machine away makes the others busier."""
    module = import_module("deployment.health")
    health, clock = module.Health(), [0.0]
    said = iter([False, True, False, True, False, False, False, True])
    monkeypatch.setattr(health, "_ask_database", lambda: next(said))
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])

    answers = []
    for seconds in (0, 3, 3, 0.5, 0.5, 3, 1, 1, 2, 3):
        clock[0] += seconds
        answers.append(health.answer("ready", "GET")[0])

    #                  up   slow  (kept) up   slow down (kept) down up
    assert answers == [503, 200, 200, 200, 200, 200, 503, 503, 503, 200]


def test_the_first_question_of_a_process_may_be_slow(
    deployment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Visitors would see a release by it; a database that answers "not migrated" has answered."""
    module = import_module("deployment.health")
    answers, asked = [], []
    for said in ([None, True], [None, None], [False, True]):
        health, rest = module.Health(), iter(said)
        monkeypatch.setattr(health, "_ask_database", lambda rest=rest: next(rest))
        answers.append(health.answer("ready", "GET")[0])
        asked.append(len(said) - len([*rest]))

    assert (answers, asked) == ([200, 503, 503], [2, 2, 1])


def test_which_paths_ask_for_health(deployment: ModuleType) -> None:
    """R01, R12: with and without a final slash, at the top and beneath the site's own path."""
    health = import_module("deployment.health").Health("/shop/")

    asked = ["/healthz/live", "/healthz/live/", "/shop/healthz/ready", "/other/healthz/live"]
    asked += ["/healthz/", "/healthz/lively"]

    assert [health.asked_by(path) for path in asked] == ["live", "live", "ready", None, None, None]


@pytest.mark.parametrize("task_library", ["", "celery", "rq"])
def test_every_variable_of_the_project_is_explained_once(task_library: str) -> None:
    """D20: none missing, none twice; what turns debugging on is no one's choice."""
    roles = {
        "debug": "SHOP_DEBUG",
        "secret_key": "SHOP_KEY",
        "database_url": "SHOP_DB",
        "database_name": "SHOP_DB_NAME",
        "broker_url": "SHOP_BROKER",
        "email_host": "SHOP_MAIL",
    }
    names = ["STRIPE_KEY", "LOG_LEVEL", "STATIC_ROOT", "PORTAL"]
    required = {"STRIPE_KEY"}
    rows = [
        {"name": name, "required": name in required, "default": "", "where": "shop/settings.py"}
        for name in names
    ]
    answers = {
        "platform": "onprem",
        "env_names": roles,
        "env_vars": rows,
        "task_library": task_library,
    }

    files = {file.path: file.content.decode() for file in render_files(answers, template=ROOT)}

    lines = files["deploy/env.example"].splitlines()
    found = [line.lstrip("#").partition("=")[0] for line in lines if "=" in line]
    counts = {name: found.count(name) for name in [*roles.values(), *names, "DEPLOY_LOG_LEVEL"]}
    assert counts == {**dict.fromkeys(counts, 1), "SHOP_DEBUG": 0}


@pytest.mark.parametrize(
    ("value", "header", "wrong"),
    [
        ("X-Azure-FDID: 1234-abcd", ("x-azure-fdid", "1234-abcd"), 0),
        ("", None, 0),
        ("1234-abcd", None, 1),
        ("X Azure: 1", None, 1),
    ],
)
def test_the_header_of_the_edge_is_a_name_and_a_value(
    deployment: ModuleType, value: str, header: tuple[str, str] | None, wrong: int
) -> None:
    env = environment(EDGE_HEADER=value)

    assert (env.header("edge_header"), len(env.problems)) == (header, wrong)


@pytest.mark.parametrize(
    ("given", "around"),
    [
        ("1234", False),
        ("", True),
        ("12345", True),
        ("1234,1234", True),
        ("\N{OGHAM LETTER BEITH}", True),
    ],
)
def test_a_request_that_went_around_the_edge_is_known(
    deployment: ModuleType, given: str, around: bool
) -> None:
    went_around = import_module("deployment.client").went_around

    assert went_around(("x-azure-fdid", "1234"), {"x-azure-fdid": given}.__getitem__) is around
    assert went_around(None, lambda name: "") is False
