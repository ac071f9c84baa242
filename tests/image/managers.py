"""One small project for each dependency manager: what it declares, how its lock is made.

Django is locked at 5.2.1, not the newest that is allowed: a build that resolves anew shows.
`blinker` belongs to a group or extra of production, `iniconfig` to development.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LOCKED = "5.2.1"
# In an environment of its own: packages of Debian's Python cannot be replaced.
PIP = "python -m venv /tool && . /tool/bin/activate && pip install --quiet"
PROJECT = """[project]
name = "shop"
version = "1"
requires-python = ">=3.13"
dependencies = ["django>=5.2.1,<5.3"]

[project.optional-dependencies]
prod = ["blinker"]

[dependency-groups]
dev = ["iniconfig"]
"""
POETRY = """[tool.poetry]
name = "shop"
version = "1"
package-mode = false

[tool.poetry.dependencies]
python = "^3.13"
django = ">=5.2.1,<5.3"

[tool.poetry.group.web.dependencies]
blinker = "*"

[tool.poetry.group.dev.dependencies]
iniconfig = "*"
"""
# pip's index, as a plain one: mirrors do not offer what Poetry asks of the real one.
INDEX = (
    "poetry source add --priority=primary index"
    " $(python -c 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)')/"
)
PIPFILE = """[packages]
django = ">=5.2.1,<5.3"

[web]
blinker = "*"

[dev-packages]
iniconfig = "*"

[requires]
python_version = "3.13"
"""
# First with the old version, then with the range: a lock is kept as far as it is right.
TWICE = (
    "sed -i 's/>=5.2.1,<5.3/==5.2.1/' {file} && {lock}"
    " && sed -i 's/==5.2.1/>=5.2.1,<5.3/' {file} && {lock}"
)


@dataclass(frozen=True)
class Shop:
    """A project of one manager; ``lock`` is run beside its files."""

    manager: str
    files: Mapping[str, str]
    lock: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    # An addition to the file of the manager that makes the lock stale.
    addition: tuple[str, str] = ("", "")

    @property
    def main(self) -> str:
        """Return the file in which dependencies are declared."""
        return next(iter(self.files))


PAGES = {
    "shop/production.py": "from shop.settings import *\n\nSTATICFILES_DIRS = [BASE_DIR / 'dist']\n",
    "package.json": '{"private": true, "type": "module", "scripts": {"build": "vite build"},'
    ' "devDependencies": {"vite": "4.5.14"}}',
    "vite.config.js": "export default {build: {outDir: 'dist', rollupOptions:"
    " {input: 'pages/main.js', output: {entryFileNames: 'main.js'}}}}\n",
    "pages/main.js": "document.title = `front end of the shop`\n",
}
SHOPS = {
    "uv": Shop(
        "uv",
        {"pyproject.toml": PROJECT, **PAGES},
        f"{PIP} uv==0.13.9 && uv lock --quiet --upgrade-package django=={LOCKED}",
        {
            "dependency_extras": ["prod"],
            "settings_module": "shop.production",
            "frontend_root": ".",
            "frontend_manager": "npm",
            "frontend_build": "build",
        },
        addition=('"django>=', '"asgiref<3.9", "django>='),
    ),
    "poetry": Shop(
        "poetry",
        {"pyproject.toml": POETRY},
        f"{PIP} poetry==2.5.1 && {INDEX} && "
        + TWICE.format(file="pyproject.toml", lock="poetry lock"),
        {"dependency_groups": ["web"]},
        addition=('python = "^3.13"', 'python = "^3.13"\nasgiref = "<3.9"'),
    ),
    "pdm": Shop(
        "pdm",
        {"pyproject.toml": PROJECT},
        f"{PIP} 'pdm[locked]==2.29.3' && "
        + TWICE.format(file="pyproject.toml", lock="pdm lock --quiet --update-reuse -G :all"),
        {"dependency_extras": ["prod"]},
        addition=('"django>=', '"asgiref<3.9", "django>='),
    ),
    "pipenv": Shop(
        "pipenv",
        {"Pipfile": PIPFILE},
        f"{PIP} pipenv==2026.10.3 && pipenv lock --quiet --categories 'packages dev-packages web'",
        {"dependency_groups": ["web"]},
        addition=("[packages]", '[packages]\nasgiref = "<3.9"'),
    ),
    "hashes": Shop(
        "pip-requirements",
        {
            "requirements.txt": "-c constraints.txt\n-r requirements/more.in.txt\n",
            "constraints.txt": f"django=={LOCKED}\n",
            "requirements/more.in.txt": "django>=5.2.1,<5.3\nblinker\n",
        },
        f"{PIP} pip-tools && pip-compile --quiet --generate-hashes --strip-extras"
        " --output-file requirements.txt requirements.txt requirements/more.in.txt",
    ),
}
