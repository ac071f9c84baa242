"""Build the image and show that it is what a platform needs, one result for each claim."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from djscaffold.verify import django
from djscaffold.verify.image import inside
from djscaffold.verify.image.context import Canaries, copy_context
from djscaffold.verify.image.engine import Engine, find_engine, logs_of
from djscaffold.verify.image.layers import find_canaries
from djscaffold.verify.model import CheckResult, Skip, Status, ToolOutput, Tree
from djscaffold.verify.variables import NAMES, literals, site_environment

NAME = "image"
ABOUT = "the image, built and run by the container engine here (with --build)"
DOCKERFILE, COMPOSE = "deploy/Dockerfile", "deploy/compose.yaml"
# No name of the site: what a balancer asks with.
FOREIGN = "169.254.130.4"
# The image's own start period; a site that needs longer is restarted by every platform.
START_S = 60
# What ECS, Cloud Run's sidecars and `docker stop` in the runbooks give a web process.
STOP_S = 30
CHECK = ("python", "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
SECRET_ROLES = ("secret_key", "database_url", "database_password", "cache_url", "broker_url")


@dataclass(frozen=True, slots=True)
class Subject:
    """The image under proof, and what is known of its project."""

    engine: Engine
    tag: str
    tree: Tree
    constants: Mapping[str, Any]

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the image's own configuration."""
        found: Mapping[str, Any] = self.engine.client.images.get(self.tag).attrs["Config"]
        return found


def run_proof(
    tree: Tree, *, options: Sequence[str] = (), on_progress: Callable[[str], None]
) -> tuple[CheckResult, ...]:
    """Prove the image of *tree* in a folder of its own, which is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="djscaffold-image-") as scratch:
        return prove_image(tree, Path(scratch), options=options, on_progress=on_progress)


def prove_image(
    tree: Tree,
    scratch: Path,
    *,
    options: Sequence[str] = (),
    on_progress: Callable[[str], None] = lambda line: None,
) -> tuple[CheckResult, ...]:
    """Build in *scratch*, run, look, and remove; nothing is written to the project.

    *options* are passed to ``docker build`` as they are.
    """
    if not (tree.root / DOCKERFILE).is_file():
        return (_said(NAME, Skip(f"no {DOCKERFILE}")),)
    engine = find_engine()
    if isinstance(engine, Skip):
        return (_said(NAME, engine),)
    tag = f"djscaffold-verify:{engine.label.rpartition('.')[2]}"
    names = (tree.root / NAMES).read_text(encoding="utf-8")
    subject = Subject(engine, tag, tree, literals(names))
    canaries = Canaries()
    try:
        on_progress("copying the project, with a canary in place of every secret")
        wrong = _build(subject, scratch, canaries, options, on_progress)
        built = _said(f"{NAME}-build", wrong)
        return (built,) if wrong else (built, *_claims(subject, canaries, on_progress))
    finally:
        engine.remove(tag)


def _build(
    subject: Subject,
    scratch: Path,
    canaries: Canaries,
    options: Sequence[str],
    on_progress: Callable[[str], None],
) -> str:
    copy_context(subject.tree.root, scratch / "context", canaries)
    arguments = ["--platform", _platform(subject.tree), *options]
    if not any("id=netrc" in option for option in options):
        netrc = scratch / "netrc"
        netrc.write_text(f"machine canary.invalid login x password {canaries.make('netrc')}\n")
        arguments += ["--secret", f"id=netrc,src={netrc}"]
    return subject.engine.build(arguments, subject.tag, scratch / "context", on_progress)


def _platform(tree: Tree) -> str:
    """Return what the image is built for: the platform's choice, not this machine's."""
    composed = yaml.safe_load((tree.root / COMPOSE).read_text(encoding="utf-8"))
    return str(composed["services"]["web"]["platform"])


def _claims(
    subject: Subject, canaries: Canaries, on_progress: Callable[[str], None]
) -> list[CheckResult]:
    """Return what is found out about a built image."""
    on_progress("searching every layer")
    found = [_said(f"{NAME}-secrets", _leaked(subject, canaries))]
    found.append(_said(f"{NAME}-user", _user(subject)))
    environment = site_environment(subject.tree)
    if isinstance(environment, Skip):
        return [*found, *(_said(f"{NAME}-{name}", environment) for name in ("check", "site"))]
    on_progress("manage.py check --deploy")
    checked = subject.engine.run(subject.tag, CHECK, environment)
    found.append(_said(f"{NAME}-check", django.read(ToolOutput(checked.code, checked.text, ""))))
    on_progress("starting the site")
    return [*found, *_site(subject, environment)]


def _leaked(subject: Subject, canaries: Canaries) -> str | Skip:
    """Return which canaries and which throw-away variables are in the image."""
    roles: Mapping[str, str] = subject.constants.get("VARIABLES", {})
    secret = {roles[role] for role in SECRET_ROLES if role in roles}
    secret |= set(subject.constants.get("REQUIRED", {}))
    named = {line.partition("=")[0] for line in subject.settings.get("Env") or []}
    wrong = [f"the variable {name} is set in the image" for name in sorted(secret & named)]
    chunks = subject.engine.client.images.get(subject.tag).save()
    found = find_canaries(chunks, canaries.prefix)
    if isinstance(found, Skip):
        return found if not wrong else "\n".join(wrong)
    return "\n".join(
        wrong
        + [f"what {canaries.places[number]} holds is in the image" for number in sorted(found)]
    )


def _user(subject: Subject) -> str:
    user = str(subject.settings.get("User", ""))
    ran = subject.engine.run(subject.tag, ("python", "-c", inside.USER), {})
    if ran.code != 0:
        return f"uid, and what it may write to: {ran.text}"
    number = user.partition(":")[0]
    return "" if number.isdigit() else f"USER is {user!r}: a number lets a platform see it"


def _site(subject: Subject, environment: Mapping[str, str]) -> list[CheckResult]:
    with subject.engine.container(subject.tag, None, environment) as site:
        wrong = _start(site)
        found = [_said(f"{NAME}-health", wrong)]
        if wrong:
            skip = Skip("the site did not start")
            rest = ("static", "healthcheck", "stop")
            return [*found, *(_said(f"{NAME}-{name}", skip) for name in rest)]
        found.append(_said(f"{NAME}-static", _static(site, str(subject.tree.answers["domain"]))))
        found.append(_said(f"{NAME}-healthcheck", _healthcheck(subject, site, environment)))
        found.append(_said(f"{NAME}-stop", _stop(site)))
        return found


def _start(site: Any) -> str:
    """Wait until the site lives; return why it does not."""
    answer = "no answer"
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        site.reload()
        if site.status != "running":
            return f"it ended by itself:\n{_tail(logs_of(site))}"
        answer = _visit(site, "/healthz/live", FOREIGN)
        if answer.startswith("200 "):
            return ""
        time.sleep(0.5)
    return f"/healthz/live for the Host {FOREIGN}: {answer}\n{_tail(logs_of(site))}"


def _static(site: Any, domain: str) -> str | Skip:
    """Return what is wrong with a static file, asked for as a page would write it."""
    said = _run_in(site, ["python", "-c", inside.STATIC], demux=True)
    out, errors = ((part or b"").decode("utf-8", "replace").strip() for part in said.output)
    if said.exit_code != 0:
        return _tail(errors)
    address = (out.splitlines() or [""])[-1]
    if not address:
        return Skip("the project has no static file")
    if "//" in address:
        return Skip(f"static files are served by another host: {address}")
    answer = _visit(site, address, domain)
    return "" if answer.startswith("200 ") else f"{address} for the Host {domain}: {answer}"


def _healthcheck(subject: Subject, site: Any, environment: Mapping[str, str]) -> str:
    """Return what is wrong with HEALTHCHECK: it must pass here, and fail where nothing serves."""
    test = (subject.settings.get("Healthcheck") or {}).get("Test") or []
    if test[:1] != ["CMD"]:
        return f"no HEALTHCHECK in exec form: {json.dumps(test)}"
    if _run_in(site, test[1:]).exit_code != 0:
        return "it fails although the site lives"
    if subject.engine.run(subject.tag, test[1:], environment).code == 0:
        return "it passes although nothing is served"
    return ""


def _stop(site: Any) -> str:
    began = time.monotonic()
    site.stop(timeout=STOP_S)
    took = time.monotonic() - began
    site.reload()
    code = site.attrs["State"]["ExitCode"]
    if code == 0 and took < STOP_S:
        return ""
    return f"after SIGTERM it ended with {code}, {took:.0f} s later\n{_tail(logs_of(site))}"


def _visit(site: Any, path: str, host: str) -> str:
    said = _run_in(site, ["python", "-c", inside.VISIT, path, host])
    return str(said.output.decode("utf-8", "replace").strip())


def _run_in(site: Any, command: list[str], **options: Any) -> Any:
    """Run *command* in the container; where it has ended, a result that says why."""
    import docker.errors
    from docker.models.containers import ExecResult

    try:
        return site.exec_run(command, **options)
    except docker.errors.APIError:
        why = f"it ended by itself:\n{_tail(logs_of(site))}".encode()
        return ExecResult(1, (b"", why) if options.get("demux") else why)


def _tail(text: str, lines: int = 12) -> str:
    return "\n".join(text.splitlines()[-lines:]) or "without a word"


def _said(check: str, words: str | Skip) -> CheckResult:
    if isinstance(words, Skip):
        return CheckResult(check=check, status="skipped", subject=DOCKERFILE, words=words.reason)
    status: Status = "failed" if words else "passed"
    return CheckResult(check=check, status=status, subject=DOCKERFILE, words=words)
