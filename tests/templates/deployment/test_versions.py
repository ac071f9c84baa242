"""The rendered package on every Django it promises, served by real gunicorn workers."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from .conftest import write_site
from .serving import PATIENCE_S, ask, ask_socket, gunicorn, install, served

pytestmark = pytest.mark.slow

MakeSite = Callable[..., Any]
# Oldest promised, the long-term releases, the newest: each with a Python it supports.
VERSIONS = {
    "3.2": ("3.8", ["django~=3.2.0", "gunicorn", "uvicorn", "uvicorn-worker", "websockets"]),
    "4.2": ("3.11", ["django~=4.2.0", "gunicorn", "uvicorn", "uvicorn-worker", "websockets"]),
    "5.2": ("3.13", ["django~=5.2.0", "gunicorn", "uvicorn", "uvicorn-worker", "websockets"]),
    "newest": ("3.13", ["django", "gunicorn", "uvicorn", "uvicorn-worker", "websockets"]),
}
WEBSOCKET = """
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
http = get_asgi_application()


async def application(scope, receive, send):
    if scope["type"] != "websocket":
        return await http(scope, receive, send)
    await receive()
    await send({"type": "websocket.accept"})
    message = await receive()
    await send({"type": "websocket.send", "text": message["text"] + " " + scope["client"][0]})
    await receive()
"""


def python(version: str) -> str:
    """Return the interpreter of *version*, or skip."""
    found = shutil.which(f"python{version}")
    installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    if found is None and not installed:
        pytest.skip(f"Python {version} is not installed")
    return str(installed[-1]) if installed else str(found)


@pytest.fixture(params=VERSIONS, scope="module")
def django_version(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return (interpreter, folder of libraries) for one Django, installed once."""
    version, requirements = VERSIONS[request.param]
    interpreter = python(version)
    name = f"{request.param}-py{version}"
    return interpreter, install(name, interpreter, *requirements, "django-configurations")


PROXIED = {
    "Host": "shop.example.org",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_For": "6.6.6.6, 203.0.113.9",
}


@pytest.fixture(params=["wsgi", "asgi"], scope="module")
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_version: tuple[str, str],
) -> Any:
    """A migrated site with an administrator, on one Django and one interface."""
    interpreter, libraries = django_version
    made = write_site(
        tmp_path_factory.mktemp("site"),
        "STATICFILES_DIRS = [BASE_DIR / 'shop' / 'static']\n",
        answers={"needs_asgi": request.param == "asgi"},
        files={
            "shop/asgi.py": WEBSOCKET,
            "shop/static/shop.css": "body { background: url(missing.png) }" + " " * 600,
        },
    )
    # As long as a busy machine may need between two steps of a test.
    worker = made.root / "deploy/django/deployment/worker.py"
    worker.write_text(worker.read_text().replace("LINGER_S = 2.0\n", "LINGER_S = 15.0\n"))
    made = replace(made, python=interpreter, libraries=libraries)
    for arguments in (
        ["check", "--deploy", "--fail-level", "WARNING"],
        ["migrate", "--verbosity=0"],
    ):
        done = made.manage(*arguments)
        assert done.returncode == 0, done.stderr
    done = made.manage(
        *("createsuperuser", "--noinput", "--username", "root", "--email", "root@example.org"),
        DJANGO_SUPERUSER_PASSWORD="correct horse",
    )
    assert done.returncode == 0, done.stderr
    return made


def test_a_site_behind_a_proxy(site: Any) -> None:
    """R01, R02, R04, R05, R08, and C01 in the log."""
    with served(site, ACCESS_LOG="true") as url:
        for path in ("/healthz/live", "/healthz/ready", "/healthz/ready/?probe=1"):
            for host in ("10.0.3.7:8000", "169.254.130.4:8000", "4f5d8c1e2b3a"):
                status, headers, body = ask(url + path, Host=host)
                assert (status, headers["Cache-Control"], body) == (200, "no-store", "ok\n")
        assert ask(url + "/healthz/live", data={"a": "b"})[0] == 405
        assert ask(url + "/whoami/", Host="10.0.3.7:8000", X_Forwarded_Proto="https")[0] == 400
        assert ask(url + "/whoami/", Host="shop.example.org")[0] == 301
        assert ask(url + "/whoami/", **PROXIED)[2] == (
            '{"address": "203.0.113.9", "secure": true, "host": "shop.example.org"}'
        )
        assert (log_in(url, "https://shop.example.org"), log_in(url, "https://evil.example")) == (
            302,
            403,
        )

    log = (site.root / "gunicorn.log").read_text()
    assert "/whoami/" in log
    assert "/healthz/" not in log
    assert site.secret not in log


def log_in(url: str, origin: str) -> int:
    """Return the status of a login of the administrator that says it comes from *origin*."""
    _, headers, page = ask(url + "/admin/login/", **PROXIED)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, page
    assert "Secure" in headers["Set-Cookie"]
    form = {"username": "root", "password": "correct horse", "csrfmiddlewaretoken": token[1]}
    cookie = headers["Set-Cookie"].partition(";")[0]
    sent = {**PROXIED, "Cookie": cookie, "Origin": origin, "Referer": origin + "/admin/login/"}
    return ask(url + "/admin/login/?next=/admin/", data=form, **sent)[0]


def test_static_files_are_named_by_content_and_survive_what_is_missing(site: Any) -> None:
    """B12: a stylesheet that names a missing file is said by name, and stops nothing."""
    collected = site.root / "collected"

    done = site.manage("collectstatic", "--noinput", STATIC_ROOT=str(collected))
    page = site.run(
        "from django.templatetags.static import static as s\n"
        "print(s('shop.css'), s('nowhere.css'))",
        STATIC_ROOT=str(collected),
    )

    assert "Missing, and left as it is where a static file refers to it: missing.png" in done.stdout
    named, missing = page.stdout.split()
    assert re.fullmatch(r"/static/shop\.[0-9a-f]{12}\.css", named)
    assert (collected / (named.rpartition("/")[2] + ".gz")).is_file()
    assert missing == "/static/nowhere.css"


def test_a_site_that_is_not_migrated_is_live_and_not_ready(site: Any) -> None:
    """R02"""
    empty = f"sqlite:///{site.root / 'empty.sqlite3'}"

    with served(site, DATABASE_URL=empty) as url:
        assert (ask(url + "/healthz/live")[0], ask(url + "/healthz/ready")[0]) == (200, 503)

    assert "migrations have not run" in (site.root / "gunicorn.log").read_text()


def test_a_class_of_django_configurations(
    make_site: MakeSite, django_version: tuple[str, str]
) -> None:
    """Whoever installs its importer first: the site, or a Celery app before settings load."""
    interpreter, libraries = django_version
    source = """
from configurations import Configuration, values
import shop.plain

class Base(Configuration):
    locals().update({k: v for k, v in vars(shop.plain).items() if k.isupper()})

class Production(Base):
    PLACE = values.Value("nowhere", environ_name="SHOP_PLACE", environ_prefix=None)
    SECRET_KEY = values.SecretValue(environ_name="SECRET_KEY", environ_prefix=None)
"""
    made = make_site(
        answers={
            "settings_module": "shop.configured",
            "configuration_class": "Production",
            "env_names": {"secret_key": "SECRET_KEY"},
        },
        files={"shop/configured.py": source},
        SHOP_PLACE="somewhere",
    )
    (made.root / "shop" / "settings.py").rename(made.root / "shop" / "plain.py")
    made = replace(made, python=interpreter, libraries=libraries)

    first = "import os; os.environ['DJANGO_CONFIGURATION'] = 'Production'\n"
    first += "from configurations import importer; importer.install()\n"
    show = "from django.conf import settings as s; print(s.PLACE, s.DEBUG, s.ALLOWED_HOSTS)"
    plain = made.run(show)
    celery = made._python("-c", first + show)

    expected = "somewhere False ['shop.example.org']\n"
    assert (plain.stdout, celery.stdout) == (expected, expected), plain.stderr + celery.stderr


@pytest.mark.parametrize("site", ["asgi"], indirect=True)
def test_a_websocket_end_to_end(site: Any) -> None:
    """R10"""
    client = """
import asyncio, sys, websockets
async def main():
    sent = {"X-Forwarded-For": "203.0.113.9"}
    older = int(websockets.__version__.split(".")[0]) < 14
    name = "extra_headers" if older else "additional_headers"
    async with websockets.connect(sys.argv[1], open_timeout=100, **{name: sent}) as socket:
        await socket.send("hello")
        print(await socket.recv())
asyncio.run(main())
"""

    with served(site) as url:
        done = subprocess.run(
            [site.python, "-c", client, url.replace("http", "ws") + "/ws/"],
            env={**os.environ, "PYTHONPATH": site.libraries},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    assert done.stdout == "hello 203.0.113.9\n", done.stderr


@pytest.mark.parametrize("site", ["asgi"], indirect=True)
def test_a_leaving_worker_answers_on_the_connections_it_has(
    site: Any,
) -> None:
    """R09: new ones that have said nothing yet (nginx asks a step later), and those that balancers keep."""
    with gunicorn(site, WEB_CONCURRENCY="1") as (process, port):
        new, kept = (
            http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S) for _ in range(2)
        )
        new.connect()
        kept.request("GET", "/healthz/live")
        kept.getresponse().read()
        time.sleep(0.5)

        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        for connection, method in ((new, "GET"), (kept, "POST")):
            connection.request(method, "/healthz/live", body=b"a=b" if method == "POST" else None)
        answers = [connection.getresponse() for connection in (new, kept)]

    assert [(each.status, each.getheader("Connection")) for each in answers] == [
        (200, "close"),
        (405, "close"),
    ]


BEHIND_NGINX = (
    "GET /whoami/ HTTP/1.1",
    "Host: shop.example.org",
    "X-Forwarded-Proto: https",
    "X-Forwarded-For: 203.0.113.9",
    "Connection: close",
)


def test_a_socket_that_systemd_holds(site: Any) -> None:
    """The socket is not bound anew, and a client on it is who nginx says (R08)."""
    activate = shutil.which("systemd-socket-activate")
    if activate is None:
        pytest.skip("systemd-socket-activate is not installed")
    path = site.root / "web.sock"
    path.unlink(missing_ok=True)
    given = [f"--setenv={name}={value}" for name, value in site.variables().items()]
    serve = [site.python, "-m", "gunicorn", "--config", str(site.root / "deploy/gunicorn.conf.py")]
    log = site.root / "socket.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [activate, f"--listen={path}", *given, *serve], stdout=output, stderr=output, cwd="/"
        )
        try:
            answer = ask_socket(path, *BEHIND_NGINX)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)

    assert '"address": "203.0.113.9", "secure": true' in answer, log.read_text()
