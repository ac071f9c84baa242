"""Layouts of real projects: which folder, which settings, which callable."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from djscaffold.facts.model import Ambiguous, Found, Missing, Place
from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.read import read_project

Read = Callable[[Mapping[str, str | bytes]], ProjectFacts]
MANAGE = """import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{0}")
from django.core.management import execute_from_command_line
"""
WSGI = """import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{0}")
application = get_wsgi_application()
"""
BASE = 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n'


def value(reading: object) -> object:
    return reading.value if isinstance(reading, Found) else None


def test_wsgi_names_production_and_manage_development(read_files: Read) -> None:
    """D01: the module that servers start with wins, and is not mistaken for the callable."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("config.settings.local"),
            "config/wsgi.py": WSGI.format("config.settings.production"),
            "config/settings/base.py": BASE,
            "config/settings/local.py": "from .base import *\nDEBUG = True\n",
            "config/settings/production.py": "from .base import *\nDEBUG = False\n",
        }
    )

    assert value(facts.production_settings) == "config.settings.production"
    assert value(facts.wsgi_application) == "config.wsgi:application"


def test_a_settings_package_that_includes_parts_stays_the_module(read_files: Read) -> None:
    """D02: django-split-settings; the parts are read, the package is named."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/wsgi.py": WSGI.format("shop.settings"),
            "shop/settings/__init__.py": "import os\nfrom split_settings.tools import include\n"
            "include(\"components/*.py\", f\"environments/{os.environ.get('ENV', 'prod')}.py\")\n",
            "shop/settings/components/common.py": BASE,
            "shop/settings/environments/prod.py": 'ALLOWED_HOSTS = ["shop.example"]\n',
            "shop/settings/environments/dev.py": 'ALLOWED_HOSTS = ["*"]\n',
        }
    )

    assert value(facts.production_settings) == "shop.settings"
    assert facts.installed_apps == ("shop",)
    assert getattr(value(facts.allowed_hosts), "value", None) == ("shop.example",)


def test_development_is_never_chosen_silently(read_files: Read) -> None:
    """D03: manage.py names dev; prod is chosen, and a question asked where staging rivals it."""
    files = {
        "manage.py": MANAGE.format("shop.settings.dev"),
        "shop/settings/base.py": BASE,
        "shop/settings/dev.py": "from .base import *\nDEBUG = True\n",
        "shop/settings/prod.py": "from .base import *\nDEBUG = False\n",
    }

    assert value(read_files(files).production_settings) == "shop.settings.prod"


def test_staging_beside_production_is_a_question(read_files: Read) -> None:
    """D03: nothing says which of the two the servers load."""
    part = "from .base import *\nDEBUG = False\n"
    reading = read_files(
        {
            "manage.py": MANAGE.format("shop.settings.dev"),
            "shop/settings/base.py": BASE,
            "shop/settings/dev.py": "from .base import *\nDEBUG = True\n",
            "shop/settings/prod.py": part,
            "shop/settings/staging.py": part,
        }
    ).production_settings

    assert isinstance(reading, Ambiguous)
    assert [one.value for one in reading.candidates] == [
        "shop.settings.prod",
        "shop.settings.staging",
    ]
    assert reading.question.endswith("?")


def test_a_package_that_imports_development_first_is_pointed_out(read_files: Read) -> None:
    """D04: what dev sets stays unless production sets it again."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings.dev"),
            "shop/settings/__init__.py": "from .dev import *\n",
            "shop/settings/base.py": BASE,
            "shop/settings/dev.py": "from .base import *\n",
            "shop/settings/production.py": "from .base import *\n",
        }
    )

    assert "development-values-leak" in {one.kind for one in facts.observations}


def test_other_variables_before_the_settings_do_not_confuse(read_files: Read) -> None:
    """D05."""
    text = 'import os\nos.environ.setdefault("FOO", "1")\n' + MANAGE.format("shop.settings")

    facts = read_files({"manage.py": text, "shop/settings.py": BASE})

    assert facts.default_settings == Found("shop.settings", (Place("manage.py", 4),))


def test_spellings_of_the_assignment(read_files: Read) -> None:
    """D06: what is literal is found; what is computed is a question."""
    literal = (
        'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = (\n    "shop.settings"\n)  # django\n'
    )
    computed = 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = f"shop.{os.name}"  # django\n'

    assert value(read_files({"manage.py": literal, "shop/settings.py": BASE}).default_settings) == (
        "shop.settings"
    )
    facts = read_files({"manage.py": computed, "shop/settings.py": BASE})
    assert isinstance(facts.default_settings, Ambiguous)


def test_the_callable_is_found_in_an_imported_part(read_files: Read) -> None:
    """D07: annotated, unspaced, in another file; a comment is no setting."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": 'from .parts import *\n# WSGI_APPLICATION = "wrong.app"\n' + BASE,
            "shop/parts.py": 'WSGI_APPLICATION:str="shop.server.application"\n',
            "shop/server.py": "application = None\n",
        }
    )

    assert value(facts.wsgi_application) == "shop.server:application"


def test_only_an_asgi_file_means_asgi(read_files: Read) -> None:
    """D08: no WSGI_APPLICATION is fine; only asgi.py makes ASGI a must."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": BASE,
            "shop/asgi.py": WSGI.format("shop.settings").replace("wsgi", "asgi"),
        }
    )

    assert isinstance(facts.wsgi_application, Missing)
    assert value(facts.asgi_application) == "shop.asgi:application"
    assert value(facts.needs_asgi) is True


def test_projects_of_tests_and_examples_are_no_rivals(read_files: Read) -> None:
    """D09: tests, examples and virtual environments are left out."""
    facts = read_files(
        {
            "backend/manage.py": MANAGE.format("shop.settings"),
            "backend/shop/settings.py": BASE,
            "tests/manage.py": MANAGE.format("tests.settings"),
            "example/manage.py": MANAGE.format("example.settings"),
            "env/pyvenv.cfg": "",
            "env/manage.py": MANAGE.format("env.settings"),
            "node_modules/x/manage.py": MANAGE.format("x.settings"),
        }
    )

    assert value(facts.manage_py) == "backend/manage.py"


def test_two_projects_are_a_question_that_an_option_answers(
    make_project: Callable[..., Path],
) -> None:
    """D09: never a silent choice."""
    root = make_project(
        {
            "one/manage.py": MANAGE.format("one.settings"),
            "one/one/settings.py": BASE,
            "two/manage.py": MANAGE.format("two.settings"),
            "two/two/settings.py": BASE,
        }
    )

    assert isinstance(read_project(root).manage_py, Ambiguous)
    assert value(read_project(root, project_root="two").manage_py) == "two/manage.py"


def test_a_project_two_levels_down(read_files: Read) -> None:
    """D10: the module starts at the folder of manage.py, paths at the top."""
    facts = read_files(
        {
            "apps/backend/manage.py": MANAGE.format("shop.settings"),
            "apps/backend/shop/settings.py": BASE + "from pathlib import Path\n"
            'STATIC_URL = "/s/"\nSTATIC_ROOT = Path(__file__).parent.parent / "out"\n',
        }
    )

    assert value(facts.project_root) == "apps/backend"
    assert value(facts.production_settings) == "shop.settings"
    assert getattr(value(facts.static), "root", None) == "apps/backend/out"


def test_no_manage_py(read_files: Read) -> None:
    """D11: the package with wsgi.py says where the project starts."""
    facts = read_files(
        {
            "src/shop/__init__.py": "",
            "src/shop/wsgi.py": WSGI.format("shop.settings"),
            "src/shop/settings.py": BASE,
        }
    )

    assert value(facts.project_root) == "src"
    assert value(facts.production_settings) == "shop.settings"


def test_manage_py_may_be_a_link(make_project: Callable[..., Path]) -> None:
    """D11."""
    root = make_project({"bin/run.py": MANAGE.format("shop.settings"), "shop/settings.py": BASE})
    (root / "manage.py").symlink_to(root / "bin/run.py")

    assert value(read_project(root).default_settings) == "shop.settings"


def test_startproject_with_and_without_dot(make_project: Callable[..., Path]) -> None:
    """D12: the same answers."""
    files = {
        "manage.py": MANAGE.format("shop.settings"),
        "shop/wsgi.py": WSGI.format("shop.settings"),
        "shop/settings.py": BASE,
    }
    flat = read_project(make_project(files))
    nested = read_project(
        make_project({f"deeper/shop/{name}": text for name, text in files.items()})
    )

    assert value(flat.production_settings) == value(nested.production_settings) == "shop.settings"
    assert value(nested.wsgi_application) == "shop.wsgi:application"


def test_the_package_is_not_taken_from_root_urlconf(read_files: Read) -> None:
    """D13."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/wsgi.py": WSGI.format("shop.settings"),
            "shop/settings.py": 'INSTALLED_APPS = []\nROOT_URLCONF = "core.web.urls"\n',
            "core/web/urls.py": "",
        }
    )

    assert value(facts.wsgi_application) == "shop.wsgi:application"


def test_broken_settings_cost_only_themselves(read_files: Read) -> None:
    """D14: newer syntax is read, a broken line is left out and named."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": BASE
            + "try:\n    X = 1\nexcept A, B:\n    X = 2\ntype Y = int\nZ = (1,,2)\nDEBUG = False\n",
        }
    )

    assert getattr(value(facts.debug), "value", None) is False
    assert [str(place) for one in facts.warnings for place in one.evidence] == [
        "shop/settings.py:8"
    ]


def test_odd_encodings(read_files: Read) -> None:
    """D15: Latin-1, a byte-order mark, UTF-16."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": ("# caf\u00e9\n" + BASE).encode("latin-1"),
            "requirements.txt": "Django==5.2.1\r\n".encode("utf-16"),
        }
    )

    assert value(facts.django_version) == "5.2.1"
    assert facts.installed_apps == ("shop",)


def test_installed_apps_of_all_kinds(read_files: Read) -> None:
    """D16: what is certain is listed; what only development adds is not."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": """import os
LOCAL = ["shop"]
INSTALLED_APPS = ["django.contrib.admin", *LOCAL]
INSTALLED_APPS += [f"shop.{name}" for name in ("cart", "mail")]
INSTALLED_APPS.insert(0, "daphne")
DEBUG = os.environ.get("DEBUG") == "1"
if DEBUG:
    INSTALLED_APPS.append("debug_toolbar")
if os.environ.get("EXTRA"):
    INSTALLED_APPS.append("extra")
""",
        }
    )

    assert facts.installed_apps == (
        "daphne",
        "django.contrib.admin",
        "shop",
        "shop.cart",
        "shop.mail",
        "extra",
    )


def test_nothing_of_the_project_is_run(make_project: Callable[..., Path]) -> None:
    """D22: settings that write a file, a setup.py that raises."""
    root = make_project({})
    root.mkdir()
    target = root / "written"
    text = f"open({str(target)!r}, 'w').write('x')\nimport os\nos.mkdir({str(target)!r})\n"
    for name in ("manage.py", "setup.py", "conftest.py"):
        (root / name).write_text(text + MANAGE.format("settings") + "raise SystemExit(9)\n")
    (root / "settings.py").write_text(text + BASE)

    read_project(root)

    assert not target.exists()


def test_skipped_folders_and_loops(make_project: Callable[..., Path]) -> None:
    """D23: environments, node_modules and links in circles are not followed."""
    root = make_project(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": BASE,
            ".venv/lib/site-packages/x/models.py": "f = models.FileField()\n",
        }
    )
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "shop/models.py")

    facts = read_project(root)

    assert isinstance(facts.media, Missing)


def test_a_flask_project_is_no_django_project(read_files: Read) -> None:
    """D25: a comment, or django-environ, does not make one."""
    facts = read_files({"app.py": "# like django\n", "requirements.txt": "flask\ndjango-environ\n"})

    assert isinstance(facts.manage_py, Missing)
    assert isinstance(facts.django_version, Missing)


def test_deployment_files_are_listed_and_our_own_left_out(read_files: Read) -> None:
    """D29: what we wrote says nothing about the project."""
    facts = read_files(
        {
            "manage.py": MANAGE.format("shop.settings"),
            "shop/settings.py": BASE,
            "Dockerfile": "FROM python:3.12\n",
            "docker-compose.yml": "",
            "Procfile": "web: gunicorn\n",
            ".github/workflows/ci.yml": "",
            ".copier-answers.yml": "platform: aws\n",
            "deploy/Dockerfile": "FROM python:3.9\nENV DJANGO_SETTINGS_MODULE=deployment.x\n",
        }
    )

    assert value(facts.deployment_files) == (
        ".github/workflows/ci.yml",
        "Dockerfile",
        "Procfile",
        "docker-compose.yml",
    )
    assert value(facts.python_version) == "3.12"
