"""Compare what is rendered with a tutorial's stack and with a hand-tuned one.

    python benchmarks/throughput.py [--seconds 5] [--rounds 3]

One site, three ways to run it, on this machine, in one run: nginx, gunicorn and PostgreSQL are
real, wrk asks. The rounds of the three take turns, the best of each counts: other work on the
machine can only make a round worse. Numbers compare; they are no capacity.

tutorial    what Django's deployment pages and common tutorials describe: three sync workers,
            a connection to the database for each request, nginx without kept connections
hand-tuned  threads, preloading, kept connections on both sides, compressed static files
ours        deploy/gunicorn.conf.py and deployment.settings as rendered, behind the nginx of
            the hand-tuned one, so that what differs is ours alone

Needs Debian's nginx, postgresql and wrk, and root (PostgreSQL runs as postgres).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".cache" / "throughput-venv"
PACKAGES = ["django~=5.2.0", "gunicorn==27.0.1", "psycopg[binary]==3.3.9"]
KEY = "only-for-measuring-only-for-measuring-only-for-measuring"
CONNECTIONS = 32
PAGES = {"page": "/hello/", "query": "/items/", "waiting 50 ms": "/wait/", "static": "{static}"}

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
workers = {cores}
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
  {upstream}
  server {{
    listen 127.0.0.1:{port};
    location /static/ {{ alias {static}/; {files} }}
    location / {{
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      {proxy}
    }}
  }}
}}
"""
TUNED_UPSTREAM = "upstream site {{ server 127.0.0.1:{app}; keepalive 16; }}"
TUNED_PROXY = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://site;'


@dataclass(frozen=True, slots=True)
class Stack:
    """One way to run the site: its folder, its ports and how gunicorn is started."""

    name: str
    folder: Path
    port: int
    app_port: int
    gunicorn: list[str]
    environment: dict[str, str]
    static: str


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: requests a second, the 99th percentile in ms, answers that were errors."""

    rps: float
    p99_ms: float
    errors: int


def main() -> None:
    """Run, print a table, and exit with 1 if a request failed."""
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    missing = [tool for tool in ("nginx", "wrk", "psql") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder, ExitStack() as running:
        Path(folder).chmod(0o755)
        sockets = running.enter_context(postgresql(Path(folder)))
        stacks = [make(Path(folder), sockets) for make in (tutorial, hand_tuned, ours)]
        results = measure(stacks, chosen.rounds, chosen.seconds)
    print(report(results))
    if any(load.errors for stack in results.values() for load in stack["loads"].values()):
        sys.exit("some requests were answered by an error; the table is worth nothing")


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


def tutorial(folder: Path, sockets: Path) -> Stack:
    """Three sync workers, as the tutorials say."""
    folder, port, app = folder / "tutorial", free_port(), free_port()
    environment = write_site(folder, sockets, "")
    prepare(folder, environment)
    write_nginx(folder, port, folder / "collected", proxy=f"proxy_pass http://127.0.0.1:{app};")
    start = ["--workers", "3", "--bind", f"127.0.0.1:{app}", "shop.wsgi:application"]
    return Stack("tutorial", folder, port, app, start, environment, "/static/admin/css/base.css")


def hand_tuned(folder: Path, sockets: Path) -> Stack:
    """What somebody writes who measures."""
    folder, port, app = folder / "hand-tuned", free_port(), free_port()
    environment = write_site(folder, sockets, ', "CONN_MAX_AGE": 600')
    prepare(folder, environment)
    for path in (folder / "collected").rglob("*.css"):
        subprocess.run(["gzip", "-9", "-k", str(path)], check=True)
    write_tuned_nginx(folder, port, app)
    (folder / "tuned.py").write_text(TUNED.format(cores=os.cpu_count()))
    start = [
        "--config",
        str(folder / "tuned.py"),
        "--bind",
        f"127.0.0.1:{app}",
        "shop.wsgi:application",
    ]
    return Stack("hand-tuned", folder, port, app, start, environment, "/static/admin/css/base.css")


def ours(folder: Path, sockets: Path) -> Stack:
    """What is rendered for the site."""
    folder, port, app = folder / "ours", free_port(), free_port()
    environment = write_site(folder, sockets, "")
    answers = {"platform": "onprem", "project_slug": "shop", "domain": "shop.example.org"}
    for file in render_files(answers, template=ROOT):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    environment |= {
        "PYTHONPATH": f"{folder / 'deploy/django'}:{folder}",
        "DJANGO_SETTINGS_MODULE": "deployment.settings",
        "SECRET_KEY": KEY,
        "DATABASE_URL": f"postgres://postgres@{str(sockets).replace('/', '%2F')}/shop",
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": str(folder / "collected"),
        "PORT": str(app),
    }
    prepare(folder, environment)
    write_tuned_nginx(folder, port, app)
    [static] = (folder / "collected/admin/css").glob("base.*.css")
    start = ["--config", str(folder / "deploy/gunicorn.conf.py")]
    return Stack("ours", folder, port, app, start, environment, f"/static/admin/css/{static.name}")


def write_tuned_nginx(folder: Path, port: int, app: int) -> None:
    write_nginx(
        folder,
        port,
        folder / "collected",
        upstream=TUNED_UPSTREAM.format(app=app),
        files="gzip_static on; expires 1y;",
        proxy=TUNED_PROXY,
    )


def write_nginx(
    folder: Path, port: int, static: Path, *, proxy: str, upstream: str = "", files: str = ""
) -> None:
    text = NGINX.format(
        folder=folder, port=port, static=static, upstream=upstream, files=files, proxy=proxy
    )
    (folder / "nginx.conf").write_text(text)


@contextmanager
def serving(stack: Stack) -> Iterator[int]:
    """Run gunicorn and nginx; yield gunicorn's process id."""
    log = (stack.folder / "gunicorn.log").open("w")
    gunicorn = subprocess.Popen(
        [python(), "-m", "gunicorn", *stack.gunicorn],
        env=stack.environment,
        cwd=stack.folder,
        stdout=log,
        stderr=log,
    )
    conf = ["nginx", "-p", str(stack.folder), "-c", str(stack.folder / "nginx.conf")]
    subprocess.run([*conf, "-e", str(stack.folder / "nginx.log")], check=True)
    try:
        wait_for(f"http://127.0.0.1:{stack.port}/items/")
        yield gunicorn.pid
    finally:
        nginx = int((stack.folder / "nginx.pid").read_text())
        os.kill(nginx, signal.SIGQUIT)
        gunicorn.terminate()
        gunicorn.wait(40)
        log.close()


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=2).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def measure(stacks: list[Stack], rounds: int, seconds: int) -> dict[str, dict]:
    """Return {stack: {"loads": {page: best Load}, "memory_mib": least}}."""
    results: dict[str, dict] = {stack.name: {"loads": {}, "memory_mib": 1e9} for stack in stacks}
    for _ in range(rounds):
        for stack in stacks:
            found = results[stack.name]
            with serving(stack) as master:
                for page, path in PAGES.items():
                    load = ask(stack.port, path.format(static=stack.static), seconds)
                    best = found["loads"].get(page)
                    if best is None or load.rps > best.rps:
                        found["loads"][page] = load
                found["memory_mib"] = min(found["memory_mib"], memory_mib(master))
    return results


def ask(port: int, path: str, seconds: int) -> Load:
    """Let wrk ask for *path* with kept connections."""
    url = f"http://127.0.0.1:{port}{path}"
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    done = subprocess.run(
        [*load, "-H", "Accept-Encoding: gzip", url], capture_output=True, text=True, check=True
    )
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()
    errors = sum(int(n) for n in re.findall(r"Non-2xx.*: (\d+)", done.stdout))
    rps = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])
    return Load(rps, float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit], errors)


def memory_mib(master: int) -> float:
    """Return the memory of a gunicorn with its workers, shared pages counted once (PSS)."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    total = 0
    for process in [str(master), *children]:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])
    return total / 1024


def report(results: dict[str, dict]) -> str:
    """Return a Markdown table: each stack, and ours against the better of the others."""
    names = list(results)
    lines = [f"| | {' | '.join(names)} | ours / better |", "|---" * (len(names) + 2) + "|"]
    for page in PAGES:
        rps = [results[name]["loads"][page].rps for name in names]
        p99 = [results[name]["loads"][page].p99_ms for name in names]
        lines.append(_row(f"{page}, requests/s", rps, ",.0f", rps[-1] / max(rps[:-1])))
        lines.append(_row(f"{page}, p99 ms", p99, ",.1f", p99[-1] / min(p99[:-1])))
    memory = [results[name]["memory_mib"] for name in names]
    lines.append(_row("memory, MiB", memory, ",.0f", memory[-1] / min(memory[:-1])))
    cores = json.dumps({"cores": os.cpu_count(), "connections": CONNECTIONS})
    return "\n".join([*lines, "", cores])


def _row(name: str, values: list[float], form: str, ratio: float) -> str:
    return f"| {name} | {' | '.join(format(value, form) for value in values)} | {ratio:.2f} |"


if __name__ == "__main__":
    main()
