"""The site in the environment that Terraform gives its container, asked as each platform asks.

Which front end writes which header is the platform's: Container Apps' and Cloud Run's append the
address they see to X-Forwarded-For and set X-Forwarded-Proto; Front Door and Google's load
balancer stand before them, and Front Door asks for the app under a name of its own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from clouds import azure, gcp
from clouds.model import Cloud
from offline_terraform.workspace import workspace

from .conftest import write_site
from .serving import PATIENCE_S, ask, served
from .test_versions import WEBSOCKET

pytestmark = pytest.mark.slow

CLIENT = "203.0.113.9"
VIEWS = """
import time
from pathlib import Path

from django.contrib import admin
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path


def whoami(request):
    seen = {"address": request.META["REMOTE_ADDR"], "secure": request.is_secure()}
    return JsonResponse({**seen, "host": request.get_host()})


def size(request):
    length = 0
    while chunk := request.read(1 << 20):
        length += len(chunk)
    return HttpResponse(str(length))


size.csrf_exempt = True


def lines():
    yield "first" + chr(10)
    end = time.monotonic() + 60
    while not Path(__file__).with_name("seen").exists() and time.monotonic() < end:
        time.sleep(0.05)
    yield ("second" if time.monotonic() < end else "never seen") + chr(10)


def stream(request):
    return StreamingHttpResponse(lines(), content_type="text/event-stream")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("whoami/", whoami),
    path("size/", size),
    path("stream/", stream),
]
"""


@dataclass(frozen=True)
class Front:
    """What stands before the container: *passed* are the addresses of proxies after the client's."""

    cloud: Cloud
    topology: str
    variables: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()

    def headers(self, built: Built, host: str = "shop.example.org") -> dict[str, str]:
        """Return what the container sees of a visitor, who claims to be somebody else."""
        seen = ", ".join(["6.6.6.6", CLIENT, *self.passed])
        sent = {"Host": host, "X_Forwarded_For": seen, "X_Forwarded_Proto": "https"}
        if built.front_door:
            sent |= {"X_Azure_FDID": built.front_door, "X_Forwarded_Host": host}
            sent["Host"] = built.app_host
        return sent


@dataclass(frozen=True)
class Built:
    """What an apply made: the container's environment, and what else the tests ask for."""

    environment: dict[str, str]
    outputs: dict[str, Any]
    resources: dict[str, Any]

    @property
    def front_door(self) -> str:
        profile = self.resources.get("azurerm_cdn_frontdoor_profile.main[0]")
        return str(profile["resource_guid"]) if profile else ""

    @property
    def app_host(self) -> str:
        """The platform's own name of the site."""
        apps = self.resources.get("azurerm_container_app_environment.main")
        return (
            f"shop.{apps['default_domain']}" if apps else "shop-123456789012.europe-west1.run.app"
        )


FRONTS = {
    "container-apps": Front(azure.CLOUD, "azure-aca-small"),
    "front-door": Front(azure.CLOUD, "azure-aca-ha", passed=("147.243.0.9",)),
    "cloud-run": Front(gcp.CLOUD, "gcp-cloudrun-small"),
    "load-balancer": Front(
        gcp.CLOUD,
        "gcp-cloudrun-ha",
        ("only_through_load_balancer=true",),
        ("34.120.0.9",),
    ),
}


def build(front: Front, folder: Path, **answers: Any) -> Built:
    """Apply what the answers render to; return what came of it."""
    cloud = front.cloud
    terraform = cloud.write(folder, {"topology": front.topology, **answers})
    with workspace(terraform) as ws:
        ws.succeed("init")
        ws.succeed("apply", "-auto-approve", *(f"-var={each}" for each in front.variables))
        state = json.loads(ws.succeed("show", "-json"))["values"]
    found = {each["address"]: each["values"] for each in state["root_module"]["resources"]}
    template = found.get("azurerm_container_app.web") or found["google_cloud_run_v2_service.web"]
    [inside] = template["template"]
    [container] = inside.get("container") or inside["containers"]
    plain = {each["name"]: each["value"] for each in container["env"] if each.get("value")}
    return Built(plain, state["outputs"], found)


@dataclass(frozen=True)
class Running:
    """A site that is being served, and what stands before it."""

    front: Front
    built: Built
    url: str
    root: Path

    def ask(self, path: str, host: str = "shop.example.org", **more: str) -> tuple[int, Any, str]:
        return ask(self.url + path, **{**self.front.headers(self.built, host), **more})


@pytest.fixture(scope="module", params=FRONTS)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One site for all tests of a front."""
    front = FRONTS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    built = build(front, folder / "terraform")
    answers = {"platform": front.cloud.platform, **front.cloud.answers}
    answers |= {"topology": front.topology, "database_engine": "postgresql"}
    files = {"shop/urls.py": VIEWS}
    site = write_site(folder, answers=answers, files=files, **built.environment)
    for arguments in (
        ["migrate", "--verbosity=0"],
        ["createsuperuser", "--noinput", "--username=root", "--email=root@example.org"],
    ):
        done = site.manage(*arguments, DJANGO_SUPERUSER_PASSWORD="correct horse")
        assert done.returncode == 0, done.stderr
    with served(site) as url:
        yield Running(front, built, url, site.root)


def test_probes_are_answered_whatever_they_call_the_site(running: Running) -> None:
    """R01, R02, R03, C16: exactly 200, over http, without any header of a proxy."""
    for host in ("169.254.130.4:8000", "100.100.0.5", "10.8.0.7:8000"):
        answers = [ask(f"{running.url}/healthz/{each}", Host=host) for each in ("live", "ready")]
        assert [(status, body) for status, _, body in answers] == [(200, "ok\n")] * 2


def test_the_visitor_is_seen_as_he_is(running: Running) -> None:
    """R04, R08: his address and https, whatever he claims; http is sent to https once."""
    status, headers, body = running.ask("/whoami/")
    plain, to, _ = running.ask("/whoami/", X_Forwarded_Proto="http")

    assert json.loads(body) == {"address": CLIENT, "secure": True, "host": "shop.example.org"}
    assert (status, plain, to["Location"]) == (200, 301, "https://shop.example.org/whoami/")
    # R07: an hour to begin with, and nobody else's names.
    assert headers["Strict-Transport-Security"] == "max-age=3600"


def test_only_the_sites_own_names_are_answered(running: Running) -> None:
    """R06: the domain; the platform's own name only where nothing stands before it."""
    around = running.front.passed != ()

    assert running.ask("/whoami/", "evil.example")[0] == 400
    if running.built.front_door:
        endpoint = running.built.resources["azurerm_cdn_frontdoor_endpoint.main[0]"]["host_name"]
        assert running.ask("/whoami/", endpoint)[0] == 200
    assert running.ask("/whoami/", running.built.app_host)[0] == (400 if around else 200)
    assert "*" not in running.built.environment["ALLOWED_HOSTS"]


def test_nobody_goes_around_front_door(running: Running) -> None:
    """C16: the app's own address refuses what does not carry the number of the profile."""
    refusal = (403, "Not here: this site answers at its domain.\n")

    for number in ("", "7d3c0f52-0000-0000-0000-1f0c4b7d2e11"):
        status, _, body = running.ask("/whoami/", X_Azure_FDID=number)
        # Where there is no Front Door, anybody may send the header, and it means nothing.
        assert ((status, body) == refusal) == bool(running.built.front_door)


def test_the_administrator_can_sign_in(running: Running) -> None:
    """R05: a form is taken from the site's own pages, and from no other site's."""
    statuses = []
    for origin in ("https://shop.example.org", "https://evil.example"):
        _, headers, page = running.ask("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        cookie = headers["Set-Cookie"].partition(";")[0]
        form = {"username": "root", "password": "correct horse", "csrfmiddlewaretoken": token[1]}
        sent = running.front.headers(running.built)
        sent |= {"Cookie": cookie, "Origin": origin, "Referer": f"{origin}/admin/login/"}
        statuses.append(ask(f"{running.url}/admin/login/?next=/admin/", data=form, **sent)[0])

    assert statuses == [302, 403]


def test_large_uploads_arrive_and_streams_flow(running: Running) -> None:
    """R09, R11: 60 MB; and an event is sent when it happens, not when the answer ends."""
    sent = running.front.headers(running.built)
    named = {name.replace("_", "-"): value for name, value in sent.items()}
    upload = urllib.request.Request(f"{running.url}/size/", b"x" * 60_000_000, named)
    events = urllib.request.Request(f"{running.url}/stream/", headers=named)

    with urllib.request.urlopen(upload, timeout=PATIENCE_S) as answer:
        assert answer.read() == b"60000000"
    with urllib.request.urlopen(events, timeout=PATIENCE_S) as answer:
        first = answer.readline()
        (running.root / "shop/seen").touch()
        second = answer.readline()
    assert (first, second) == (b"first\n", b"second\n")


def test_the_container_may_open_what_the_database_takes(running: Running) -> None:
    """C05: processes x threads of the container are those that the plan has counted."""
    counted = running.built.outputs["connections"]["value"]
    each = int(running.built.environment["WEB_CONCURRENCY"])
    each *= int(running.built.environment["WEB_THREADS"])

    assert each * most_replicas(running.built) < counted["needed"] <= counted["accepted"]


def most_replicas(built: Built) -> int:
    app = built.resources.get("azurerm_container_app.web")
    if app:
        return int(app["template"][0]["max_replicas"])
    service = built.resources["google_cloud_run_v2_service.web"]
    return int(service["template"][0]["scaling"][0]["max_instance_count"])


@pytest.mark.parametrize("name", ["container-apps", "front-door", "cloud-run"])
def test_a_websocket_through_each_front(name: str, tmp_path: Path) -> None:
    """R10: a handshake with the platform's headers; around Front Door there is none."""
    front = FRONTS[name]
    live = {"needs_asgi": True, "uses_channels": True}
    built = build(front, tmp_path / "terraform", **live)
    answers = {"platform": front.cloud.platform, **front.cloud.answers, **live}
    answers |= {"topology": front.topology, "database_engine": "postgresql"}
    files = {"shop/asgi.py": WEBSOCKET}
    site = write_site(tmp_path, answers=answers, files=files, **built.environment)
    client = """
import asyncio, json, sys, websockets
async def main():
    sent = json.loads(sys.argv[2])
    try:
        async with websockets.connect(sys.argv[1], additional_headers=sent, open_timeout=100) as s:
            await s.send("hello")
            print(await s.recv())
    except websockets.InvalidStatus as refused:
        print(refused.response.status_code)
asyncio.run(main())
"""
    sent = {each.replace("_", "-"): text for each, text in front.headers(built).items()}
    sent.pop("Host")

    with served(site) as url:
        told = []
        for headers in (sent, {**sent, "X-Azure-FDID": "somebody's"}):
            call = [sys.executable, "-c", client, url.replace("http", "ws"), json.dumps(headers)]
            done = subprocess.run(
                call, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
            told.append(done.stdout.strip() or done.stderr)

    assert told == [f"hello {CLIENT}", "403" if built.front_door else f"hello {CLIENT}"]


def test_a_stop_is_as_long_as_the_platform_grants() -> None:
    """R09, C15, C16: gunicorn finishes before the platform's patience ends, or the runbook says so."""
    root = Path(__file__).parents[3] / "templates"
    config = (root / "_shared/deploy/gunicorn.conf.py").read_text()
    app = (root / "azure/deploy/terraform/service.tf").read_text()
    graceful = int(re.findall(r"^graceful_timeout = (\d+)", config, re.MULTILINE)[0])
    granted = int(re.findall(r"termination_grace_period_seconds = (\d+)", app)[0])

    assert graceful < granted
    for cloud, limits in {
        "gcp": ["has 10 seconds", "32 MB", "at most 3600"],
        "azure": ["240 seconds", "40 seconds"],
    }.items():
        runbook = (root / cloud / "deploy/README.md.jinja").read_text()
        assert [limit for limit in limits if limit not in runbook] == []
