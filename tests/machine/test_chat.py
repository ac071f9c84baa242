"""Websockets end to end: through nginx, uvicorn workers, Channels and Redis, across a release."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from rig.deployment import Deployment
from rig.visit import release_under_load, see_health, see_page
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

pytestmark = pytest.mark.machine

CHAT = Path(__file__).parent.parent.parent / "examples/projects/chat"


@pytest.fixture(scope="module")
def chat(deploy: Callable[..., Deployment]) -> Deployment:
    site = deploy(CHAT, "chat")
    site.play("site.yml").must_succeed()
    site.play("release.yml").must_succeed()
    return site


def enter(chat: Deployment, origin: str) -> ClientConnection:
    """Open the websocket of a room, as a browser on a page of *origin* does."""
    trust = ssl.create_default_context(cafile=str(chat.browser().certificate))
    return connect(
        f"wss://{chat.domain}/ws/rooms/hall/",
        sock=socket.create_connection((chat.machine.address, 443)),
        ssl=trust,
        open_timeout=60,
        origin=origin,  # type: ignore[arg-type]
    )


def test_what_one_says_the_other_hears(chat: Deployment) -> None:
    see_health(chat)
    assert see_page(chat) == 200
    origin = f"https://{chat.domain}"
    with chat.lan.entered(), enter(chat, origin) as ann, enter(chat, origin) as bob:
        ann.send(json.dumps({"text": "good morning"}))

        assert json.loads(bob.recv(timeout=60))["text"] == "good morning"
    with chat.lan.entered():
        assert "good morning" in chat.browser().get("/").text


def test_a_page_of_somebody_else_cannot_listen(chat: Deployment) -> None:
    with chat.lan.entered(), pytest.raises(InvalidStatus) as refused:
        enter(chat, "https://evil.example")

    assert refused.value.response.status_code == 403


def test_an_asgi_release_loses_no_request(chat: Deployment) -> None:
    fates = release_under_load(chat, ["/", "/healthz/ready"])

    assert (fates.lost, fates.answered > 500) == (0, True), fates
    assert see_page(chat) == 200
