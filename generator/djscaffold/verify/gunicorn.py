"""``gunicorn --check-config`` on the rendered configuration.

Without a Python that has the project's dependencies, an application of two lines stands in, so
that nothing of the project is run. gunicorn takes a misspelt setting without a word; a look at the
names comes first, therefore.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, Tree
from djscaffold.verify.variables import django_environment, project_root

CONFIGURATION = "deploy/gunicorn.conf.py"
STAND_IN = "def application(environ, start_response):\n    raise NotImplementedError\n"
NAMES = """\
import ast, sys
from gunicorn.config import KNOWN_SETTINGS
known = {setting.name for setting in KNOWN_SETTINGS}
tree = ast.parse(open(sys.argv[1], encoding="utf-8").read())
names = [
    (target.id, node.lineno)
    for node in tree.body if isinstance(node, ast.Assign)
    for target in node.targets if isinstance(target, ast.Name)
]
wrong = [
    f"{sys.argv[2]}:{line}: gunicorn has no setting called {name}"
    for name, line in names
    if name not in known and not name.startswith("_") and not name.isupper()
]
sys.exit("\\n".join(wrong) or 0)
"""


def prepare(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return the look at the names, and the check of the values."""
    path = tree.root / CONFIGURATION
    if not path.is_file():
        return Skip(f"no {CONFIGURATION} here")
    if find_spec("gunicorn") is None:
        return Skip("gunicorn is not installed beside djscaffold: pip install gunicorn")
    return (
        Command(
            argv=(sys.executable, "-c", NAMES, str(path), CONFIGURATION), subject=CONFIGURATION
        ),
        _check_config(tree, path, scratch),
    )


def _check_config(tree: Tree, path: Path, scratch: Path) -> Command:
    environment = django_environment(tree)
    options = ("-m", "gunicorn", "--check-config", "--config", str(path))
    if isinstance(environment, Skip):
        (scratch / "stand_in.py").write_text(STAND_IN)
        argv = (sys.executable, *options, "stand_in:application")
        return Command(argv=argv, subject=CONFIGURATION, cwd=scratch)
    interface = "asgi" if tree.answers.get("needs_asgi") else "wsgi"
    return Command(
        argv=(str(tree.python), *options, f"deployment.{interface}:application"),
        subject=f"{CONFIGURATION} with the project",
        cwd=project_root(tree),
        env=environment,
    )
