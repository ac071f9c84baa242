"""The container engine of this machine, through the Docker SDK.

Only the build itself goes through the docker command: the SDK cannot speak BuildKit's protocol,
and without BuildKit there are no build secrets and no caches.
https://github.com/docker/docker-py/issues/2230
"""

from __future__ import annotations

import re
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from djscaffold.verify.model import Skip
from djscaffold.verify.tools import find_tool, follow_tool

SDK = "the Docker SDK is not installed: pip install 'djscaffold[image]'"
COMMAND = "docker is not installed: https://docs.docker.com/engine/install/"
USER = "10001"
KEPT_LINES = 40
STEP_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Run:
    """What a container left behind."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answers, and the label by which everything of this run is found again."""

    client: Any
    docker: str
    label: str

    def build(
        self, arguments: Sequence[str], tag: str, folder: Path, on_progress: Callable[[str], None]
    ) -> str:
        """Build *folder* as *tag*; return what went wrong, or an empty text."""
        argv = [self.docker, "build", "--progress=plain", "--load", "--tag", tag]
        argv += ["--file", str(folder / "deploy/Dockerfile"), *arguments, str(folder)]
        lines: deque[str] = deque(maxlen=KEPT_LINES)
        code = 1
        for line in follow_tool(argv):
            if isinstance(line, int):
                code = line
                break
            lines.append(line)
            if re.match(r"#\d+ \[", line):
                on_progress(_step(line))
        return "" if code == 0 else "\n".join(lines)

    @contextmanager
    def container(
        self, image: str, command: Sequence[str] | None, environment: Mapping[str, str]
    ) -> Iterator[Any]:
        """Yield a started container: no network, no right, nothing to write to but two folders."""
        container = self.client.containers.create(
            image,
            command=list(command) if command is not None else None,
            environment=dict(environment),
            labels={self.label: ""},
            read_only=True,
            tmpfs={"/tmp": "", "/srv/media": f"uid={USER},gid={USER},mode=0755"},
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            network_mode="none",
        )
        try:
            container.start()
            yield container
        finally:
            container.remove(force=True)

    def run(self, image: str, command: Sequence[str], environment: Mapping[str, str]) -> Run:
        """Run *command* in a container of its own; return its exit code and what it printed."""
        with self.container(image, command, environment) as container:
            code = int(container.wait()["StatusCode"])
            return Run(code, logs_of(container))

    def remove(self, tag: str) -> None:
        """Remove what this run made; the cache of the build stays, and makes the next one fast."""
        import docker.errors

        for container in self.client.containers.list(all=True, filters={"label": self.label}):
            container.remove(force=True)
        try:
            self.client.images.remove(tag)
        except docker.errors.ImageNotFound:
            return


def _step(line: str) -> str:
    """Return a line of BuildKit (``#12 [packages 4/5] RUN ...``) without its number, shortened."""
    words = " ".join(line.split()[1:])
    return words if len(words) <= STEP_LENGTH else f"{words[: STEP_LENGTH - 4]} ..."


def logs_of(container: Any) -> str:
    """Return what a container has printed so far."""
    return str(container.logs().decode("utf-8", "replace")).strip()


def find_engine() -> Engine | Skip:
    """Return the engine that DOCKER_HOST or the current docker context names, or why there is none.

    The docker command chooses in the same order, so that both mean the same engine.
    """
    try:
        import docker
        import requests
    except ImportError:
        return Skip(SDK)
    command = find_tool("docker")
    if command is None:
        return Skip(COMMAND)
    try:
        client = docker.from_env(timeout=600)
        client.ping()
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        return Skip(
            "no container engine answers: start Docker, or name one by DOCKER_HOST "
            f"({_last_line(error)})"
        )
    return Engine(client, command, f"djscaffold.verify.{secrets.token_hex(8)}")


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
