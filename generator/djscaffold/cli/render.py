"""``djscaffold render``: answers in, files out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from djscaffold.errors import DataFileUnreadable
from djscaffold.render.direct import render_files
from djscaffold.render.journal import finish_interrupted
from djscaffold.render.source import tool_origin
from djscaffold.render.write import State, compare, write
from djscaffold.yaml_text import load_yaml


@click.command("render")
@click.option(
    "--data-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The answers, as YAML or JSON: a file of yours, or a recorded .copier-answers.yml.",
)
@click.option(
    "--data",
    "pairs",
    metavar="KEY=VALUE",
    multiple=True,
    help="One more answer, over those of the file.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; it is made if it is missing.",
)
@click.option("--overwrite", is_flag=True, help="Replace files in it that differ.")
@click.option("--template-url", help="The address of the template to record.")
def command(
    data_file: Path, pairs: tuple[str, ...], out: Path, template_url: str | None, *, overwrite: bool
) -> None:
    """Write the files that the given answers lead to; needs no project, no git, no question."""
    answers = {**_read_answers(data_file), **dict(_pair(pair) for pair in pairs)}
    files = render_files(answers, origin=tool_origin(template_url))
    finish_interrupted(out)
    planned = compare(files, out)
    differing = [item.path for item in planned if item.state is State.CONFLICT]
    written = write(planned, out, overwrite=differing if overwrite else ())
    same = len(files) - len(written)
    click.echo(f"{len(written)} files written to {out}" + (f", {same} were there" if same else ""))


def _read_answers(path: Path) -> Mapping[str, Any]:
    """Return the answers in *path*; JSON is YAML too. Raises DataFileUnreadable."""
    try:
        content = load_yaml(path.read_bytes())
    except yaml.YAMLError as error:
        raise DataFileUnreadable(path, str(error)) from error
    if not isinstance(content, dict):
        raise DataFileUnreadable(path, "a mapping from question to answer is expected")
    return {str(key): value for key, value in content.items()}


def _pair(text: str) -> tuple[str, Any]:
    """Return KEY=VALUE as a pair, the value read as YAML: true, 5, [a, b]."""
    key, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE", param_hint="--data")
    return key, load_yaml(value)
