"""Settings that are kept beside the Python: Dynaconf's layers, INI, TOML, YAML and JSON files."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from djscaffold.facts.model import Found, Place
from djscaffold.facts.project import ProjectFacts

ReadSettings = Callable[..., ProjectFacts]
SECRET = "k3y-of-this-site"
LOADED = "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n"
LAYERS = f"""[default]
DEBUG = true
ALLOWED_HOSTS = ["*"]
SECRET_KEY = "{SECRET}"
STATIC_ROOT = "/srv/static"

[production]
DEBUG = false
ALLOWED_HOSTS = [
    "shop.example",
]

[production.DATABASES.default]
ENGINE = "django.db.backends.postgresql"
NAME = "shop"
PASSWORD = "{SECRET}"
"""


def found(reading: Any) -> Any:
    assert isinstance(reading, Found), reading
    return reading.value


def setting(facts: ProjectFacts, name: str) -> Any:
    return next(one for one in facts.settings if one.name == name)


def variable(facts: ProjectFacts, name: str) -> Any:
    return next(one for one in found(facts.env_vars) if one.name == name)


def everything(facts: ProjectFacts) -> str:
    return json.dumps(dataclasses.asdict(facts), default=str)


def test_dynaconf_in_django_takes_the_layer_of_production(read_settings: ReadSettings) -> None:
    facts = read_settings(LOADED, **{"shop/settings.toml": LAYERS})

    hosts = facts.allowed_hosts
    assert isinstance(hosts, Found)
    assert hosts.value.value == ("shop.example",)
    assert Place("shop/settings.toml", 9) in hosts.evidence
    assert setting(facts, "DEBUG").value is not True
    assert found(facts.debug).off == "false"
    assert setting(facts, "STATIC_ROOT").default == "/srv/static"
    assert found(facts.database).engine == "postgresql"
    assert found(facts.secret_key).env == "DJANGO_SECRET_KEY"
    assert SECRET not in everything(facts)


def test_production_has_to_be_told_which_layer_it_is(read_settings: ReadSettings) -> None:
    facts = read_settings(LOADED, **{"shop/settings.toml": LAYERS})

    assert variable(facts, "DJANGO_ENV").required


def test_dynaconf_without_a_file_reads_its_variables(read_settings: ReadSettings) -> None:
    facts = read_settings(LOADED.replace("__name__", '__name__, ENVVAR_PREFIX_FOR_DYNACONF="SHOP"'))

    assert found(facts.secret_key).env == "SHOP_SECRET_KEY"
    assert variable(facts, "SHOP_SECRET_KEY").required


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("conf.toml", 'time_zone = "Europe/Paris"\n[databases.default]\nengine = "x"\n'),
        ("conf.yaml", "time_zone: Europe/Paris\n"),
        ("conf.json", '{"TIME_ZONE": "Europe/Paris"}'),
    ],
)
def test_an_object_of_dynaconf(read_settings: ReadSettings, name: str, text: str) -> None:
    facts = read_settings(
        f'from dynaconf import Dynaconf\nconf = Dynaconf(settings_files=["{name}"])\n'
        'TIME_ZONE = conf.TIME_ZONE\nX = conf.get("missing", "usual")\n'
        "SECRET_KEY = conf.SECRET_KEY\n",
        **{name: text},
    )

    assert setting(facts, "TIME_ZONE").default == "Europe/Paris"
    assert setting(facts, "X").default == "usual"
    assert found(facts.secret_key).env == "DYNACONF_SECRET_KEY"


def test_local_files_and_nested_names_come_last(read_settings: ReadSettings) -> None:
    facts = read_settings(
        LOADED.replace("__name__", "__name__, ENVIRONMENTS_FOR_DYNACONF=False"),
        **{
            "shop/settings.toml": '[CACHES.default]\nBACKEND = "a.B"\nLOCATION = "x"\n',
            "shop/settings.local.toml": 'CACHES__default__LOCATION = "redis://cache"\n',
        },
    )

    caches = setting(facts, "CACHES").value
    assert caches == {"default": {"BACKEND": "a.B", "LOCATION": "redis://cache"}}


INI = f"""[site]
hosts = shop.example
debug = off
port = 25

[db]
name = shop
engine = django.db.backends.%(kind)s
kind = postgresql
password = {SECRET}
"""
PARSED = """import configparser
from pathlib import Path
config = configparser.ConfigParser()
config.read(Path(__file__).parent / "site.ini")
ALLOWED_HOSTS = config["site"]["hosts"].split(",")
DEBUG = config.getboolean("site", "debug")
EMAIL_PORT = config.getint("site", "port")
LANGUAGE_CODE = config.get("site", "language", fallback="de")
DATABASES = {"default": {"ENGINE": config["db"]["engine"], "NAME": config.get("db", "name"),
    "PASSWORD": config["db"]["password"]}}
SECRET_KEY = config["db"]["password"]
"""


def test_an_ini_file_is_read(read_settings: ReadSettings) -> None:
    facts = read_settings(PARSED, **{"shop/site.ini": INI})

    assert found(facts.allowed_hosts).value == ("shop.example",)
    assert setting(facts, "DEBUG").value is False
    assert setting(facts, "EMAIL_PORT").value == 25
    assert setting(facts, "LANGUAGE_CODE").default == "de"
    assert found(facts.database).engine == "postgresql"
    assert Place("shop/site.ini", 3) in facts.debug.evidence  # type: ignore[union-attr]
    assert found(facts.secret_key).source == "file"
    assert SECRET not in everything(facts)


def test_an_ini_file_that_only_the_server_has_is_no_value(read_settings: ReadSettings) -> None:
    facts = read_settings(PARSED)

    assert found(facts.secret_key).source == "file"
    assert setting(facts, "DEBUG").value is None
    assert setting(facts, "LANGUAGE_CODE").default == "de"


@pytest.mark.parametrize(
    "text",
    [
        'import tomllib\nwith open(BASE / "site.toml", "rb") as file:\n'
        "    data = tomllib.load(file)\n",
        'import tomllib\ndata = tomllib.loads((BASE / "site.toml").read_text())\n',
    ],
)
def test_a_toml_file_is_read(read_settings: ReadSettings, text: str) -> None:
    start = "from pathlib import Path\nBASE = Path(__file__).parent\n"
    facts = read_settings(
        start + text + 'TIME_ZONE = data["site"]["zone"]\n',
        **{"shop/site.toml": '[site]\n# where\nzone = "Europe/Paris"\n'},
    )

    assert setting(facts, "TIME_ZONE").value == "Europe/Paris"


@pytest.mark.parametrize("broken", ["[", "[default\nX = ", "\x00", "[default]\nA = 1\nA = 2\n"])
def test_a_broken_file_costs_only_itself(read_settings: ReadSettings, broken: str) -> None:
    facts = read_settings(LOADED, **{"shop/settings.toml": broken})

    assert facts.installed_apps == ("shop",)
    assert any(one.evidence[0].path == "shop/settings.toml" for one in facts.warnings)
