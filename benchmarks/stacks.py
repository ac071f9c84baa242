"""One site, and three ways to run it: what throughput.py compares.

All three have the same Python, Django, gunicorn, PostgreSQL and number of workers, a unix socket
between nginx and gunicorn, and no TLS: what is measured is what the configurations make of them.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".cache" / "throughput-venv"
PACKAGES = ["django~=5.2.0", "gunicorn==27.0.1", "psycopg[binary]==3.3.9"]
KEY = "only-for-measuring-only-for-measuring-only-for-measuring"
# What deploy/gunicorn.conf.py takes on a machine with memory enough.
WORKERS = max(2, os.cpu_count() or 1)

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "{key}"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                  "django.contrib.messages", "django.contrib.admin", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.contrib.sessions.middleware.SessionMiddleware",
              "django.middleware.common.CommonMiddleware",
              "django.middleware.csrf.CsrfViewMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware",
              "django.middleware.clickjacking.XFrameOptionsMiddleware"]
ROOT_URLCONF = "shop.urls"
TEMPLATES = [{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
              "OPTIONS": {{"context_processors": [
                  "django.template.context_processors.request",
                  "django.contrib.auth.context_processors.auth",
                  "django.contrib.messages.context_processors.messages"]}}}}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": "shop",
             "USER": "postgres", "HOST": "{sockets}"{extra}}}}}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "collected"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
URLS = """
import time
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse, JsonResponse
from django.urls import path

def hello(request):
    return HttpResponse("hello")

def items(request):
    return JsonResponse({"items": list(ContentType.objects.values("app_label", "model"))})

def wait(request):
    time.sleep(0.05)
    return HttpResponse("done")

urlpatterns = [path("hello/", hello), path("items/", items), path("wait/", wait)]
"""
WSGI = """
import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""
TUNED = """
worker_class = "gthread"
workers = {workers}
threads = 4
preload_app = True
keepalive = 75
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
"""
NGINX = """
user root;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types;
  access_log {folder}/access.log;
  sendfile on;
  tcp_nopush on;
  {sites}
}}
"""
TUTORIAL_SITE = """
  server {{
    listen 127.0.0.1:{port};
    location /static/ {{ alias {folder}/collected/; }}
    location / {{
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_pass http://unix:{folder}/web.sock;
    }}
  }}
"""
TUNED_SITE = """
  upstream site {{ server unix:{folder}/web.sock; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location /static/ {{ alias {folder}/collected/; gzip_static on; expires 1y; }}
    location / {{
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass http://site;
    }}
  }}
"""


@dataclass(frozen=True, slots=True)
class Stack:
    """One way to run the site: its folder, its port and how gunicorn is started."""

    name: str
    folder: Path
    port: int
    gunicorn: list[str]
    environment: dict[str, str]
    static: str


def python() -> str:
    """Return the interpreter that runs all three, installed once."""
    if not (VENV / ".complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        subprocess.run([str(VENV / "bin/pip"), "install", "--quiet", *PACKAGES], check=True)
        (VENV / ".complete").touch()
    return str(VENV / "bin" / "python")


@contextmanager
def postgresql(folder: Path) -> Iterator[Path]:
    """Run a PostgreSQL with the defaults of its package, reached by a socket in a folder."""
    home = folder / "postgresql"
    home.mkdir()
    shutil.chown(home, "postgres")
    binaries = max(Path("/usr/lib/postgresql").iterdir(), key=lambda path: int(path.name)) / "bin"
    control = [
        "runuser",
        "-u",
        "postgres",
        "--",
        str(binaries / "pg_ctl"),
        "-D",
        str(home / "data"),
    ]
    initdb = [*control[:4], str(binaries / "initdb"), "--auth=trust", "-D", str(home / "data")]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=home)
    options = f"-k {home} -c listen_addresses=''"
    start = [*control, "-w", "-o", options, "-l", str(home / "log"), "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=home)
    try:
        subprocess.run(["createdb", "-h", str(home), "-U", "postgres", "shop"], check=True)
        yield home
    finally:
        stop = [*control, "-m", "fast", "-w", "stop"]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, cwd=home)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def write_site(folder: Path, sockets: Path, extra: str) -> dict[str, str]:
    """Write the site, migrate and collect static files; return its environment."""
    sources = {
        "shop/__init__.py": "",
        "shop/settings.py": SETTINGS.format(key=KEY, sockets=sockets, extra=extra),
        "shop/urls.py": URLS,
        "shop/wsgi.py": WSGI,
    }
    for name, source in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(folder),
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }


def prepare(folder: Path, environment: dict[str, str]) -> None:
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "--verbosity=0"]):
        subprocess.run(
            [python(), "-m", "django", *command], env=environment, cwd=folder, check=True
        )


def _start(folder: Path, *options: str) -> list[str]:
    return [*options, "--bind", f"unix:{folder / 'web.sock'}"]


def tutorial(folder: Path, sockets: Path) -> Stack:
    """Sync workers and plain proxying, as Django's pages and the tutorials say."""
    folder, port = folder / "tutorial", free_port()
    environment = write_site(folder, sockets, "")
    prepare(folder, environment)
    write_nginx(folder, TUTORIAL_SITE.format(port=port, folder=folder))
    start = _start(folder, "--workers", str(WORKERS), "shop.wsgi:application")
    return Stack("tutorial", folder, port, start, environment, "/static/admin/css/base.css")


def hand_tuned(folder: Path, sockets: Path) -> Stack:
    """What somebody writes who measures."""
    folder, port = folder / "hand-tuned", free_port()
    environment = write_site(folder, sockets, ', "CONN_MAX_AGE": 600')
    prepare(folder, environment)
    for path in (folder / "collected").rglob("*.css"):
        subprocess.run(["gzip", "-9", "-k", str(path)], check=True)
    write_nginx(folder, TUNED_SITE.format(port=port, folder=folder))
    (folder / "tuned.py").write_text(TUNED.format(workers=WORKERS))
    start = _start(folder, "--config", str(folder / "tuned.py"), "shop.wsgi:application")
    return Stack("hand-tuned", folder, port, start, environment, "/static/admin/css/base.css")


def ours(folder: Path, sockets: Path) -> Stack:
    """What is rendered for the site: gunicorn's configuration, the settings, and nginx's site."""
    folder, port = folder / "ours", free_port()
    environment = write_site(folder, sockets, "")
    answers = {"platform": "onprem", "project_slug": "shop", "domain": "127.0.0.1"}
    for file in render_files(answers, template=ROOT):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    environment |= {
        "PYTHONPATH": f"{folder / 'deploy/django'}:{folder}",
        "DJANGO_SETTINGS_MODULE": "deployment.settings",
        "SECRET_KEY": KEY,
        "DATABASE_URL": f"postgres://postgres@{str(sockets).replace('/', '%2F')}/shop",
        "STATIC_ROOT": str(folder / "collected"),
        "WEB_CONCURRENCY": str(WORKERS),
    }
    prepare(folder, environment)
    write_nginx(folder, rendered_site(folder, port))
    [static] = (folder / "collected/admin/css").glob("base.*.css")
    start = _start(folder, "--config", str(folder / "deploy/gunicorn.conf.py"))
    return Stack("ours", folder, port, start, environment, f"/static/admin/css/{static.name}")


def ours_unchecked(folder: Path, sockets: Path) -> Stack:
    """Ours without the question to the database whether a kept connection still works.

    It is what a query's page costs more than the hand-tuned one's, and why a restart of
    PostgreSQL is not seen by visitors.
    """
    stack = ours(folder / "unchecked", sockets)
    databases = stack.folder / "deploy/django/deployment/databases.py"
    checked = '"CONN_HEALTH_CHECKS": True'
    source = databases.read_text()
    if checked not in source:
        raise ValueError(f"{databases} does not say {checked}")
    databases.write_text(source.replace(checked, '"CONN_HEALTH_CHECKS": False'))
    return replace(stack, name="ours, unchecked")


def rendered_site(folder: Path, port: int) -> str:
    """Return the rendered nginx site with the paths and the port of this folder.

    What Ansible would write for the machine is written here: a port without TLS, no proxies.
    """
    snippets = folder / "deploy/nginx/snippets"
    made = {
        "listen.conf": f"listen 127.0.0.1:{port};",
        "limits.conf": "client_max_body_size 64m;",
        "real-ip.conf": "",
        "trusted-proxies.geo": "",
    }
    for name, text in made.items():
        (snippets / name).write_text(text + "\n")
    site = (folder / "deploy/nginx/shop.conf").read_text()
    # Django believes the scheme that is told it; the others are told the same.
    proxy = snippets / "proxy.conf"
    proxy.write_text(proxy.read_text().replace("$shop_scheme", "https"))
    for was, now in (
        ("unix:/run/shop-web.sock", f"unix:{folder / 'web.sock'}"),
        ("/srv/shop/shared/static/", f"{folder / 'collected'}/"),
        ("include snippets/shop/", f"include {snippets}/"),
    ):
        site = site.replace(was, now)
    return re.sub(r"(?m)^", "  ", site)


def write_nginx(folder: Path, sites: str) -> None:
    """Write the whole of nginx's configuration around the *sites* of a stack."""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, sites=sites))
