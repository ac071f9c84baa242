"""A history of the tool in a temporary repository: small templates in six versions, or others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
VERSIONS = ("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0", "v1.5.0")
CONF = "server {{ domain }}\n" + "".join(f"line {number}\n" for number in range(1, 41))

EXCLUDE = """\
_exclude:
  - "__pycache__"
  - "{% for path in keep_files %}/{{ path }}\\n{% endfor %}"
_skip_if_exists:
  - "/deploy/once.conf"
site_name:
  type: str
  default: none
colour:
  type: str
  default: blue
  choices: [red, blue]
"""


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Tool:
    """Every version of the tool in a folder of its own, from one repository."""

    repository: Path
    environment: dict[str, str]

    def run(
        self, version: str, *arguments: str, cwd: Path, variables: dict[str, str] | None = None
    ) -> Run:
        """Run djscaffold of *version* in *cwd*."""
        environment = {
            **self.environment,
            "PYTHONPATH": str(self.folder(version) / "generator"),
            "DJSCAFFOLD_TEMPLATE_URL": str(self.repository),
            **(variables or {}),
        }
        done = subprocess.run(
            [sys.executable, "-m", "djscaffold", *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def folder(self, version: str) -> Path:
        """Return the checkout of *version*, made on first use."""
        folder = self.repository.parent / version
        if not folder.exists():
            self.git("worktree", "add", "--quiet", str(folder), version, cwd=self.repository)
        return folder

    def git(self, *arguments: str, cwd: Path, variables: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            env={**self.environment, **(variables or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def copier(self, *arguments: str, cwd: Path) -> Run:
        """Run plain copier, without --trust."""
        done = subprocess.run(
            [sys.executable, "-m", "copier", *arguments],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def fresh(self, version: str, out: Path, *data: str) -> Path:
        """Render *version* into *out*."""
        answers = out.with_suffix(".yml")
        answers.write_text("platform: onprem\n")
        options = [part for pair in data for part in ("--data", pair)]
        run = self.run(
            version, "render", "--data-file", str(answers), "--out", str(out), *options, cwd=ROOT
        )
        assert run.code == 0, run.err
        return out

    def project(self, folder: Path, *data: str, version: str = "v1.0.0") -> Path:
        """Return a committed project that *version* scaffolded, beside a file of the person's."""
        folder.mkdir(parents=True)
        self.git("init", "--quiet", cwd=folder)
        (folder / "manage.py").write_text("# mine\n")
        self.fresh(version, folder, *data)
        return self.commit(folder)

    def commit(self, folder: Path) -> Path:
        self.git("add", "--all", cwd=folder)
        self.git("commit", "--quiet", "--allow-empty", "--message", "change", cwd=folder)
        return folder

    def status(self, folder: Path) -> list[str]:
        lines = self.git("status", "--porcelain", "--untracked-files=all", cwd=folder)
        return lines.splitlines()


def make_history(
    folder: Path,
    environment: dict[str, str],
    changes: tuple[Callable[[Path], None], ...],
    versions: tuple[str, ...] = VERSIONS,
) -> Tool:
    """Return the tool in a repository whose tagged versions *changes* make of its templates."""
    repository = folder / "repository"
    copy_tool(repository)
    tool = Tool(repository, environment)
    tool.git("init", "--quiet", cwd=repository)
    for version, change in zip(versions, changes, strict=True):
        change(repository / "templates")
        tool.git("add", "--all", cwd=repository)
        tool.git("commit", "--quiet", "--message", version, cwd=repository)
        tool.git("tag", version, cwd=repository)
    return tool


def copy_tool(repository: Path) -> None:
    """Copy what makes the tool, without any platform's templates."""
    shutil.copytree(
        ROOT / "generator", repository / "generator", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("copier.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, repository)
    (repository / ".gitignore").write_text("__pycache__/\n")
    log = "".join(f"## {v[1:]}\n\n### Added\n\n- News of {v[1:]}.\n\n" for v in VERSIONS[::-1])
    (repository / "CHANGELOG.md").write_text(f"# Changelog\n\n{log}")
    shutil.copytree(ROOT / "templates" / "_questions", repository / "templates" / "_questions")


def first(templates: Path) -> None:
    (templates / "_questions" / "exclude.yml").write_text(EXCLUDE)
    (templates / ".gitattributes").write_text("* text=auto eol=lf\n")
    write(templates / "_shared" / "README.md.jinja", "Runbook of {{ project_slug }}\n\nOne.\n")
    for platform in ("onprem", "aws", "azure", "gcp"):
        top = templates / platform
        write(
            top / "{{ _copier_conf.answers_file }}.jinja",
            "# Recorded\n{{ _copier_answers | to_nice_yaml }}",
        )
        write(
            top / "deploy" / "README.md.jinja",
            '{% include "templates/_shared/README.md.jinja" %}\n',
        )
        write(top / "deploy" / platform / "main.conf", f"main of {platform}\n")
    top = templates / "onprem" / "deploy"
    write(top / "site.conf.jinja", CONF)
    write(top / "plain.txt", "plain\n")
    write(top / "gone.txt", "to be dropped\n")
    write(top / "old-name.txt", "to be renamed\nby the template\n")
    write(top / "title.txt.jinja", "{{ colour }}\n")
    write(top / "once.conf", "# yours\n")
    write(top / "run.sh", "#!/bin/sh\ntrue\n")
    (top / "run.sh").chmod(0o755)


def second(templates: Path) -> None:
    """Change a line, drop, add and rename files, rename a question, take a choice away."""
    top = templates / "onprem" / "deploy"
    edit(top / "site.conf.jinja", "line 30\n", "line thirty\n")
    edit(top / "plain.txt", "plain", "plainer")
    edit(templates / "_shared" / "README.md.jinja", "One", "Two")
    (top / "gone.txt").unlink()
    (top / "old-name.txt").rename(top / "new-name.txt")
    write(top / "extra.txt", "new in 1.1.0\n")
    write(top / "once.conf", "# a later idea\n")
    edit(top / "run.sh", "true", "exec true")
    exclude = templates / "_questions" / "exclude.yml"
    edit(exclude, "site_name:\n  type: str\n  default: none", RENAMED)
    edit(exclude, "[red, blue]", "[blue, green]")


RENAMED = "site_title:\n  type: str\n  default: \"{{ site_name | default('none') }}\""


def later(number: int) -> Callable[[Path], None]:
    """Return a change that touches the first lines of site.conf and adds a file."""

    def change(templates: Path) -> None:
        top = templates / "onprem" / "deploy"
        edit(top / "site.conf.jinja", f"line {number * 4}\n", f"line {number * 4} of 1.{number}\n")
        write(top / f"part-{number}.conf", f"part {number}\n")

    return change


CHANGES = (first, second, later(2), later(3), later(4), later(5))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new))


def tree_of(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Return the files below *folder* with content and whether they are executable."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes(),
            bool(path.stat().st_mode & 0o100),
        )
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
