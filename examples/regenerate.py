"""Write the rendered trees below examples/rendered, or say what differs (``--check``).

Each tree is what ``djscaffold init`` writes for one project of examples/projects, so that a change
of a template is seen in review as what it means for people.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from djscaffold import __version__
from djscaffold.facts.read import read_project
from djscaffold.plan.make import DEFAULT_TOPOLOGY, make_plan
from djscaffold.render.direct import RenderedFile, render_files
from djscaffold.render.source import PUBLIC_URL, Origin

HERE = Path(__file__).parent
RENDERED = HERE / "rendered"
TREES = (
    ("notes", "onprem"),
    ("chat", "onprem"),
    ("backend-in-a-folder", "onprem"),
    ("shop", "onprem"),
    ("shop", "aws"),
    ("shop", "gcp"),
)


def render_tree(project: str, platform: str) -> tuple[RenderedFile, ...]:
    """Return the files of one tree, recorded as of this version wherever they are rendered."""
    choices = {
        "platform": platform,
        "topology": DEFAULT_TOPOLOGY[platform],
        "domain": f"{project}.example.org",
    }
    plan = make_plan(read_project(HERE / "projects" / project), choices, folder=project)
    origin = Origin(src_path=PUBLIC_URL, commit=f"v{__version__}")
    return render_files(plan.answers(), origin=origin)


def all_files() -> dict[Path, RenderedFile]:
    """Return every file of every tree by where it belongs."""
    return {
        RENDERED / f"{project}-{platform}" / file.path: file
        for project, platform in TREES
        for file in render_tree(project, platform)
    }


def differences() -> list[str]:
    """Return one line per file that is missing, stale or left over."""
    files = all_files()
    there = {path for path in RENDERED.rglob("*") if path.is_file()}
    lines = [f"left over: {path.relative_to(HERE)}" for path in sorted(there - files.keys())]
    for path, file in files.items():
        if path not in there:
            lines.append(f"missing: {path.relative_to(HERE)}")
        elif path.read_bytes() != file.content:
            lines.append(f"stale: {path.relative_to(HERE)}")
    return lines


def regenerate() -> None:
    """Write all trees anew."""
    files = all_files()
    shutil.rmtree(RENDERED, ignore_errors=True)
    for path, file in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.executable else 0o644)


if __name__ == "__main__":
    if "--check" in sys.argv:
        found = differences()
        print("\n".join(found))
        sys.exit("examples/rendered is stale: make examples" if found else 0)
    regenerate()
