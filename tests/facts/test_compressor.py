"""Whether django-compressor's files are to be made in each release, as settings spell it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from djscaffold.facts.compressor import COMPRESS
from djscaffold.facts.model import Ambiguous, Found, Missing
from djscaffold.facts.project import ProjectFacts

FIRST_LINE = 6  # of what follows INSTALLED in the file that read_settings writes
ReadSettings = Callable[..., ProjectFacts]
INSTALLED = 'import os, environ\nenv = environ.Env()\nINSTALLED_APPS += ["compressor"]\n'


@pytest.mark.parametrize(
    "text",
    [
        "COMPRESS_OFFLINE = True",
        "COMPRESS_ENABLED = True\nCOMPRESS_OFFLINE = COMPRESS_ENABLED",
        'COMPRESS_OFFLINE = env.bool("COMPRESS_OFFLINE", default=True)',
        'COMPRESS_OFFLINE = os.environ.get("OFFLINE", "True").lower() == "true"',
        'COMPRESS_OFFLINE = os.getenv("OFFLINE", "1") in ("1", "yes")',
        "DEBUG = False\nCOMPRESS_OFFLINE = not DEBUG",
        # A variable that is off in production, whatever it is on a laptop.
        'DEBUG = env.bool("DEBUG", default=True)\nCOMPRESS_OFFLINE = not DEBUG',
        'DEBUG = os.getenv("DEBUG", "1") == "1"\nCOMPRESS_ENABLED = COMPRESS_OFFLINE = not DEBUG',
        'DEBUG = env.bool("DEBUG", True)\nif not DEBUG:\n    COMPRESS_OFFLINE = True',
        # Whoever switches it on has its files.
        'COMPRESS_OFFLINE = True\nCOMPRESS_ENABLED = env.bool("COMPRESS_ENABLED")',
    ],
)
def test_offline_files_are_made_in_each_release(read_settings: ReadSettings, text: str) -> None:
    reading = read_settings(INSTALLED + text).static_commands

    assert isinstance(reading, Found)
    assert reading.value == (COMPRESS,)
    assert "COMPRESS_OFFLINE" in text.splitlines()[reading.evidence[0].line - FIRST_LINE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "COMPRESS_OFFLINE = False",
        "DEBUG = True\nCOMPRESS_OFFLINE = not DEBUG",
        'COMPRESS_OFFLINE = os.environ.get("COMPRESS_OFFLINE", "False").lower() == "true"',
        'COMPRESS_OFFLINE = env.bool("COMPRESS_OFFLINE", default=False)',
        'from decouple import config\nCOMPRESS_OFFLINE = config("X", default="false", cast=bool)',
        "COMPRESS_OFFLINE = True\nCOMPRESS_ENABLED = False",
    ],
)
def test_nothing_is_run_where_nothing_is_made(read_settings: ReadSettings, text: str) -> None:
    reading = read_settings(INSTALLED + text).static_commands

    assert isinstance(reading, Found)
    assert reading.value == ()


@pytest.mark.parametrize(
    "text",
    [
        'COMPRESS_OFFLINE = env.bool("COMPRESS_OFFLINE")',
        "import socket\nCOMPRESS_OFFLINE = socket.gethostname().startswith('web')",
        "from elsewhere import COMPRESS_OFFLINE",
    ],
)
def test_what_only_production_knows_is_a_question(read_settings: ReadSettings, text: str) -> None:
    reading = read_settings(INSTALLED + text).static_commands

    assert isinstance(reading, Ambiguous)
    assert [one.value for one in reading.candidates] == [(COMPRESS,), ()]


def test_a_setting_alone_is_no_compressor(read_settings: ReadSettings) -> None:
    assert isinstance(read_settings("COMPRESS_OFFLINE = True").static_commands, Missing)
