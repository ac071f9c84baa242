"""List the deployment files that a project already has, and what they say of settings."""

from __future__ import annotations

import re

from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.source import Source

_DEPLOYMENT = re.compile(
    r"""(^|/)(
    (.*[._-])?Dockerfile([._-].*)? | Containerfile(\..*)? | \.dockerignore
    | (docker-)?compose([._-][\w.-]*)?\.ya?ml | docker-stack.*\.ya?ml
    | Procfile(\.\w+)? | runtime\.txt | Aptfile | app\.(ya?ml|json) | fly\.toml | render\.ya?ml
    | railway\.(json|toml) | nixpacks\.toml | heroku\.yml | captain-definition
    | zappa_settings\.json
    | [\w.-]*(nginx|gunicorn|uwsgi|supervisor|apache|caddy|traefik)[\w.-]*
      \.(conf|ini|ya?ml|toml|py)
    | gunicorn\.conf | gunicorn(_config|\.conf)?\.py | Caddyfile(\..*)?
    | [\w@.-]+\.(service|socket|timer) | Chart\.ya?ml | skaffold\.ya?ml | kustomization\.ya?ml
    | Vagrantfile | Jenkinsfile | bitbucket-pipelines\.yml | azure-pipelines\.yml
    | \.gitlab-ci\.yml
    | cloudbuild\.ya?ml | buildspec\.ya?ml | appspec\.yml | (docker-)?entrypoint[\w.-]*\.sh
    | [\w.-]*\.tf | fabfile\.py | ansible\.cfg | playbook[\w-]*\.ya?ml
    )$ | ^\.github/workflows/[^/]+\.ya?ml$ | ^\.circleci/config\.yml$ | ^\.ebextensions/""",
    re.VERBOSE,
)
_ELSEWHERE = re.compile(r"(^|/)(tests?|fixtures|docs?|examples?|locale|static|vendor)/")
# Written by us: a second run must not read our own files as the project's.
OURS = "deploy/"
_ANSWERS = (".copier-answers.yml", ".copier-answers.djscaffold.yml")
_SETTINGS = re.compile(
    r"DJANGO_SETTINGS_MODULE[\"']?\s*(?:[=:]|\s)\s*[\"']?([A-Za-z_][\w.]*)"
    r"|--settings[= ]([A-Za-z_][\w.]+)"
)
_COPY = re.compile(
    r"(?:^|[\s;&])(?:COPY|ADD|cp)\s+(?:-\S+\s+)*(\S+\.py)\s+(\S+\.py)\s*(?:$|[;&\\])", re.I
)
# Commands for which other settings than the site's may be right.
_ONCE = re.compile(
    r"collectstatic|compilemessages|makemessages|pytest|manage\.py (test|check)|mypy"
)
_READ = re.compile(
    r"(^|/)([^/]*Dockerfile[^/]*|Containerfile|Procfile[^/]*|[^/]*compose[^/]*\.ya?ml|[^/]*\.sh"
    r"|[^/]*\.service|uwsgi[^/]*\.ini|[^/]*\.env[^/]*|env\.d/.*|[^/]*\.ini|app\.json|fly\.toml"
    r"|render\.ya?ml|app\.ya?ml|Makefile|[^/]*supervisor[^/]*|gunicorn[^/]*|justfile)$"
    r"|^\.github/workflows/[^/]+$|^\.gitlab-ci\.yml$|(^|/)(env\.d|envs?|\.envs)/"
)
MAX_READ = 400


def is_ours(source: Source, path: str) -> bool:
    """Return whether djscaffold has written the file."""
    written = any(source.exists(name) for name in _ANSWERS)
    return written and path.startswith(OURS)


def deployment_paths(source: Source) -> list[str]:
    """Return the deployment files of the project, without those that djscaffold has written."""
    python = [
        path
        for name in ("gunicorn.conf.py", "gunicorn_config.py", "gunicorn.py", "fabfile.py")
        for path in source.named(name)
    ]
    return sorted(
        path
        for path in [*source.other_files, *python]
        if _DEPLOYMENT.search(path)
        and not _ELSEWHERE.search(path)
        and not is_ours(source, path)
        and path.count("/") <= 4
    )


def read_deployment_files(source: Source) -> Reading[tuple[str, ...]]:
    """Return the deployment files that are there."""
    paths = deployment_paths(source)
    if not paths:
        return Missing("Dockerfile, compose, Procfile, nginx, systemd, Terraform, CI workflows")
    return Found(tuple(paths), tuple(Place(path, 1) for path in paths))


def deployment_texts(source: Source) -> list[str]:
    """Return the files that may say how the project is run, shallow ones first."""
    if "deployment texts" in source.memory:
        return list(source.memory["deployment texts"])
    paths = [
        path
        for path in source.other_files
        if _READ.search(path) and not is_ours(source, path) and path.count("/") <= 5
    ]
    found = sorted(paths, key=lambda path: (path.count("/"), path))[:MAX_READ]
    source.memory["deployment texts"] = found
    return found


def settings_named(source: Source) -> list[tuple[str, Place]]:
    """Return every settings module that a deployment file names, and where."""
    found = []
    for path in deployment_texts(source):
        text = source.text(path)
        if "DJANGO_SETTINGS_MODULE" not in text and "--settings" not in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if line.lstrip().startswith(("#", "//")) or _ONCE.search(line):
                continue
            for match in _SETTINGS.finditer(line):
                found.append((match.group(1) or match.group(2), Place(path, number)))
    return found


def find_copies(source: Source) -> None:
    """Note settings that an image build copies to where Python finds them."""
    for path in deployment_texts(source):
        if "ockerfile" not in path and not path.endswith(".sh"):
            continue
        for number, line in enumerate(source.lines(path), 1):
            match = _COPY.search(line)
            if match is None:
                continue
            origin, target = match.group(1).lstrip("./"), match.group(2)
            if source.exists(origin):
                _note_copy(source, origin, target, Place(path, number))


def _note_copy(source: Source, origin: str, target: str, place: Place) -> None:
    parts = target.strip("/").split("/")
    for start in range(len(parts)):
        relative = "/".join(parts[start:])
        folder = relative.rpartition("/")[0] or "."
        if folder in source.folders and folder != "." and not source.exists(relative):
            source.copies[relative] = (origin, place)
            return


def production_value(source: Source, variable: str) -> str | None:
    """Return the value that production's own files give a variable; development's do not count."""
    pattern = re.compile(rf"\b{variable}[\"']?\s*[=:]\s*[\"']?(\w+)")
    other = re.compile(
        r"(^|[/._-])(dev|development|local|test|tests|ci|e2e)([/._-]|$)|^\.github/|Makefile"
    )
    for path in deployment_texts(source):
        if other.search(path) or not re.search(
            r"prod|Procfile|\.service$|env\.d|\.env|helm|values", path
        ):
            continue
        match = pattern.search(source.text(path))
        if match:
            return match.group(1)
    return None
