"""`djscaffold recommend` from the outside: what it prints, asks, writes and returns."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from click.testing import CliRunner, Result

from djscaffold.cli import cli
from djscaffold.cli.ask_profile import ask_profile
from djscaffold.facts.model import Place
from djscaffold.profile.prefill import Hint

SWISS = ["--set", "country=CH", "--set", "users=ch", "--set", "data_rule=own_law_only"]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["recommend", *arguments], input=stdin)


def answer(*arguments: str) -> dict[str, Any]:
    result = run("--format", "json", *arguments)
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


@pytest.mark.usefixtures("empty")
def test_the_json_document_has_the_keys_that_programs_rely_on() -> None:
    document = answer()

    assert set(document) >= {
        *("schema", "strategy", "topology", "modifiers", "region", "conflict", "ranking"),
        *("margin", "flips", "must_know", "costs", "facts", "generated"),
    }
    assert document["costs"]["months"] == list(range(37))
    assert set(document["ranking"][0]) >= {
        *("strategy", "topology", "score", "monthly_usd", "upfront_usd", "labour_hours"),
        *("sla_percent", "contributions", "removed_by"),
    }
    assert all(len(each["cash"]) == 37 for each in document["costs"]["series"])


@pytest.mark.usefixtures("empty")
def test_an_option_over_the_file_wins(tmp_path: Path) -> None:
    profile = tmp_path / "team.yml"
    profile.write_text(yaml.safe_dump({"country": "GB", "size": "tiny", "tied_to": "azure"}))

    document = answer("--profile", str(profile), "--set", "size=medium", "--set", "needs=ml_gpu")

    assert document["profile"]["size"] == "medium"
    assert document["profile"]["needs"] == ["ml_gpu"]
    assert document["profile"]["tied_to"] == "azure"


@pytest.mark.usefixtures("empty")
def test_a_profile_in_json_is_read_too(tmp_path: Path) -> None:
    profile = tmp_path / "team.json"
    profile.write_text(json.dumps({"country": "US", "users": ["us"]}))

    assert answer("--profile", str(profile))["profile"]["users"] == ["us"]


@pytest.mark.usefixtures("empty")
def test_answers_that_exclude_each_other_end_with_exit_code_3() -> None:
    result = run("--set", "ops=nobody", *SWISS)

    assert result.exit_code == 3
    assert "exclude each other" in result.stdout
    assert "someone must operate it" in " ".join(result.stdout.split())


@pytest.mark.usefixtures("empty")
def test_nothing_fits_is_said_with_a_way_out() -> None:
    document = answer("--set", "size=huge", "--set", "budget=under_10")

    assert document["strategy"] is None
    assert "minimum realistic budget" in document["conflict"]
    assert all(option["removed_by"]["reason"] for option in document["ranking"])


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("setting", "words"),
    [("size=enormous", "one of tiny"), ("sise=tiny", "did you mean size"), ("tiny", "KEY=VALUE")],
)
def test_a_wrong_setting_is_wrong_usage(setting: str, words: str) -> None:
    result = run("--set", setting)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


@pytest.mark.usefixtures("empty")
def test_the_text_report_shows_choice_ranking_bill_chart_and_defaults() -> None:
    """G16: dated prices, the currency and what was assumed, without a network."""
    with patch.object(socket, "socket", side_effect=AssertionError("asked the network")):
        text = run("--set", "size=small").stdout

    for words in (
        "->",
        "Ranking",
        "The bill of",
        "each month",
        "36 months",
        "labour, on top",
        "Good to know",
        "What would change",
        "Nobody answered",
        "List prices",
    ):
        assert words in text
    assert re.search(r"List prices.*20\d\d-\d\d-\d\d", text)
    assert "USD" in text or "$" in text
    assert "\x1b[" not in text


@pytest.mark.usefixtures("empty")
def test_the_html_report_needs_no_network_and_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "one.html", tmp_path / "two.html"

    run("--set", "needs=background_jobs,live_updates", "--output", str(first))
    run("--set", "needs=background_jobs,live_updates", "--output", str(second))

    page = first.read_text(encoding="utf-8")
    assert page == second.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|action)\s*=\s*["'](?!#)""", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "<script" not in page
    assert page.count("<svg") == 2


@pytest.mark.usefixtures("empty")
def test_every_figure_of_the_html_report_leads_to_its_source(tmp_path: Path) -> None:
    path = tmp_path / "report.html"

    run("--set", "buy_hardware=yes", "--output", str(path))

    page = path.read_text(encoding="utf-8")
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.usefixtures("empty")
def test_a_hostile_answer_is_text_in_the_html_report(tmp_path: Path) -> None:
    """Only checked answers reach the page; the country is the freest."""
    result = run("--set", "country=<script>", "--output", str(tmp_path / "x.html"))

    assert result.exit_code == 2
    assert not (tmp_path / "x.html").exists()


@pytest.mark.usefixtures("empty")
def test_own_prices_and_the_labour_rate_replace_the_listed_ones(tmp_path: Path) -> None:
    prices = tmp_path / "prices.yml"
    prices.write_text("azure.pg.b1ms.hour: 1\n")

    plain = answer()
    dear = answer("--prices", str(prices), "--labour-rate", "10")

    def azure(document: dict[str, Any]) -> dict[str, Any]:
        return next(each for each in document["ranking"] if each["strategy"] == "azure")

    assert azure(dear)["monthly_usd"] > azure(plain)["monthly_usd"] + 700
    assert azure(dear)["labour_usd"] == azure(dear)["labour_hours"] * 10


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    "price", ["labour.rate=1", "labour.rate_hour=cheap", "labour.rate_hour=-1"]
)
def test_a_price_that_cannot_be_is_refused_in_words(price: str) -> None:
    result = run("--price", price)

    assert result.exit_code == 1
    assert "Your own prices cannot be used" in str(result.exception)


@pytest.mark.usefixtures("empty")
def test_the_profile_can_be_saved_edited_and_is_found_again(empty: Path) -> None:
    run("--set", "size=medium", "--save-profile", ".djscaffold-profile.yml")
    saved = empty / ".djscaffold-profile.yml"
    saved.write_text(saved.read_text().replace("ops: part_time", "ops: admin_team"))

    document = answer()

    assert document["profile"]["size"] == "medium"
    assert document["profile"]["ops"] == "admin_team"


def test_what_the_project_says_is_filled_in_with_its_line(empty: Path) -> None:
    files = {
        "manage.py": "import os\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
        "shop/__init__.py": "",
        "shop/settings.py": 'INSTALLED_APPS = []\nROOT_URLCONF = "shop.urls"\n'
        'CELERY_BROKER_URL = "redis://localhost"\n',
        "shop/celery.py": 'from celery import Celery\n\napp = Celery("shop")\n'
        'app.config_from_object("django.conf:settings", namespace="CELERY")\n',
        "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\n"
        "application = get_wsgi_application()\n",
        "requirements.txt": "django==5.2\ncelery==5.5.0\nredis==6\n",
    }
    for name, text in files.items():
        (empty / name).parent.mkdir(exist_ok=True)
        (empty / name).write_text(text)

    document = answer(".")

    assert document["profile"]["needs"] == ["background_jobs"]
    (hint,) = document["from_project"]
    assert hint["evidence"][0].startswith("shop/celery.py:")
    assert "because shop/celery.py:" in run(".").stdout
    assert answer(".", "--set", "needs=")["profile"]["needs"] == []


def test_questions_take_numbers_names_defaults_and_not_sure() -> None:
    """Enter keeps what the project says; a wrong answer is asked again."""
    hint = Hint(
        key="needs", value="background_jobs", because="celery", evidence=(Place("a.py", 8),)
    )
    typed = ["1,5", "DE", "9", "2", "gdpr", "?", "one_admin"] + [""] * 20
    asked: dict[str, Any] = {}

    import click

    @click.command()
    def ask() -> None:
        asked.update(ask_profile({}, (hint,)))

    result = CliRunner().invoke(ask, input="\n".join(typed) + "\n")

    assert result.exit_code == 0, result.output
    assert asked["users"] == ["own_site", "us"]
    assert asked["country"] == "DE"
    assert asked["data_rule"] == "region"
    assert asked["hosting_now"] is None
    assert asked["ops"] == "one_admin"
    assert asked["needs"] == ["background_jobs"]
    assert "tie_reason" not in asked
    assert "background_jobs because a.py:8" in result.output
    assert result.stdout == ""


def test_it_is_quick_because_it_leaves_the_heavy_modules_alone() -> None:
    """Neither copier nor the chart of the HTML report is imported for an answer."""
    script = (
        "import sys; from djscaffold.cli import cli\n"
        "cli(['recommend', '--profile', '/dev/null', '--format', 'json'], standalone_mode=False)\n"
        "print([name for name in ('copier', 'pygal', 'jinja2', 'plotille') if name in sys.modules],"
        " file=sys.stderr)"
    )

    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert result.stderr.strip() == "[]"
