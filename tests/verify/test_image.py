"""`verify --build` where there is no engine, and its parts that need none."""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from djscaffold.cli import cli
from djscaffold.verify.image.context import Canaries, copy_context
from djscaffold.verify.image.engine import find_engine
from djscaffold.verify.image.layers import find_canaries
from djscaffold.verify.image.proof import prove_image
from djscaffold.verify.model import Skip, Tree
from djscaffold.verify.variables import site_environment

PREFIX = "djscaffold-canary-0123-"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "deploy").mkdir(parents=True)
    (folder / "deploy/Dockerfile").write_text("FROM scratch\n")
    (folder / ".copier-answers.yml").write_text("project_slug: shop\n")
    return folder


def saved(*layers: bytes) -> Iterator[bytes]:
    """Yield an image as `docker save` sends it, in chunks of an odd size."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, layer in enumerate(layers):
            member = tarfile.TarInfo(f"blobs/{number}")
            member.size = len(layer)
            archive.addfile(member, io.BytesIO(layer))
    content = out.getvalue()
    for start in range(0, len(content), 1009):
        yield content[start : start + 1009]


def test_without_an_engine_nothing_is_passed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setattr("djscaffold.verify.image.engine.find_tool", lambda name: f"/bin/{name}")

    done = CliRunner().invoke(cli, ["verify", "--only", "image", str(project)])

    assert done.exit_code == 0
    assert "skipped  image             no container engine answers" in done.stdout
    assert "0 passed, 0 failed, 1 skipped" in done.stdout


def test_without_the_sdk_the_command_that_installs_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)

    reason = find_engine()

    assert isinstance(reason, Skip)
    assert "pip install 'djscaffold[image]'" in reason.reason


def test_a_platform_without_an_image_has_nothing_to_build(tmp_path: Path) -> None:
    (result,) = prove_image(Tree(root=tmp_path, answers={}), tmp_path / "scratch")

    assert (result.status, result.words) == ("skipped", "no deploy/Dockerfile")


def test_an_option_for_a_build_that_nobody_asked_for_is_refused(project: Path) -> None:
    done = CliRunner().invoke(cli, ["verify", "--build-option=--network=host", str(project)])

    assert done.exit_code == 2
    assert "--build-option is for --build" in done.stderr


def test_the_copy_holds_canaries_and_no_secret(project: Path, tmp_path: Path) -> None:
    """B19: the value of a secret is not even copied."""
    (project / "shop").mkdir()
    (project / "shop/settings.py").write_text("DEBUG = False\n")
    (project / "shop/.env.local").write_text("PASSWORD=hunter2\n")
    (project / "node_modules/left").mkdir(parents=True)
    (project / "media").mkdir()
    canaries = Canaries()
    copy = tmp_path / "copy"

    copy_context(project, copy, canaries)

    assert (copy / "shop/settings.py").read_text() == "DEBUG = False\n"
    assert not (copy / "node_modules").exists()
    assert not (copy / "media").exists()
    held = {place: (copy / place).read_text() for place in canaries.places}
    assert {"shop/.env.local", ".env", "deploy/terraform/terraform.tfstate"} <= set(held)
    assert all(canaries.prefix in text for text in held.values())
    assert not (project / ".env").exists()


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_canary_is_found_in_whichever_layer(pack: type[bytes]) -> None:
    """B10: also where it lies across two chunks."""
    hidden = b"x" * 1_048_570 + f"KEY={PREFIX}0007\n".encode() + b"y" * 100

    assert find_canaries(saved(pack(b"clean"), pack(hidden)), PREFIX) == {7}
    assert find_canaries(saved(pack(b"clean"), pack(b"djscaffold-canary-")), PREFIX) == set()


def test_a_layer_that_cannot_be_read_is_no_pass() -> None:
    assert isinstance(find_canaries(saved(b"\x28\xb5\x2f\xfd..."), PREFIX), Skip)


def test_stand_ins_name_no_service_that_the_project_does_not_use(tmp_path: Path) -> None:
    """A cache's address needs a driver, which only a project with a cache installs."""
    names = tmp_path / "deploy/django/deployment/project.py"
    names.parent.mkdir(parents=True)
    names.write_text(
        'VARIABLES = {"secret_key": "SECRET_KEY", "cache_url": "CACHE_URL", "broker_url": "BROKER"}'
    )

    plain = site_environment(Tree(root=tmp_path, answers={}))
    queued = site_environment(Tree(root=tmp_path, answers={"task_broker": "rabbitmq"}))
    cached = site_environment(Tree(root=tmp_path, answers={"needs_redis": True}))

    assert not isinstance(plain, Skip)
    assert not isinstance(queued, Skip)
    assert not isinstance(cached, Skip)
    assert set(plain) == {"SECRET_KEY"}
    assert queued["BROKER"].startswith("amqp://")
    assert {"CACHE_URL", "BROKER"} <= set(cached)
