"""gunicorn for this site: sized by the machine it starts on, and by the database's connections.

Start it with nothing but `gunicorn --config deploy/gunicorn.conf.py`.
Every setting: https://docs.gunicorn.org/en/stable/settings.html
"""

import logging
import os
import sys
from pathlib import Path

import gunicorn

_DEPLOY = Path(__file__).resolve().parent
sys.path.insert(0, str(_DEPLOY / "django"))

from deployment import project  # noqa: E402

# A worker of a usual Django site, with its share of what preloading saves.
_WORKER_MIB = 150
_CGROUPS = Path("/sys/fs/cgroup")


def _number(name, default, lowest, highest):
    """Return a whole number from the environment."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or not lowest <= int(value) <= highest:
        raise ValueError(f"{name} must be a whole number from {lowest} to {highest}; it is {value!r}")
    return int(value)


def _read(path):
    try:
        return Path(path).read_text(encoding="ascii").split()
    except OSError:
        return []


def _limits(name):
    """Yield the kernel's limits on this process, as words: those of its container or systemd unit, and above."""
    group = _CGROUPS
    for line in _read("/proc/self/cgroup"):
        if line.startswith("0::/"):
            group = _CGROUPS / line[len("0::/") :]
    for each in (group, *group.parents):
        limit = _read(each / name) if _CGROUPS in (each, *each.parents) else []
        if limit and limit[0] != "max":
            yield limit


def _cores():
    """Return the cores that this process may use; a container's limit counts, the host's does not."""
    shares = [max(1, int(quota) // int(period)) for quota, period in _limits("cpu.max")]
    return min([len(os.sched_getaffinity(0)), *shares])


def _memory_mib():
    """Return the memory that this process may use, in MiB."""
    # Asked of the kernel: systemd's ProcSubset=pid hides /proc/meminfo.
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([machine, *(int(limit[0]) for limit in _limits("memory.max"))]) // 2**20


def _workers(threads):
    """Return how many workers the cores can use, the memory holds and the database accepts."""
    # Half of the memory is for the database, the cache and the system.
    by_memory = _memory_mib() // 2 // _WORKER_MIB
    wanted = max(2, _cores())
    # Two releases overlap while one takes over from the other: each gets half.
    budget = _number("DATABASE_CONNECTIONS", 0, 2, 100_000)
    by_database = budget // 2 // threads if budget else wanted
    return max(1, min(wanted, by_memory, by_database))


if project.NEEDS_ASGI:
    wsgi_app = "deployment.asgi:application"
    worker_class = "deployment.worker.Worker"
    # The event loop is one thread; asgiref's pool runs what is synchronous, some 5 at a time.
    threads = 1
    _connections_each = 5
else:
    wsgi_app = "deployment.wsgi:application"
    # An older gunicorn drops requests when a worker leaves: deployment/threads.py
    worker_class = "gthread" if gunicorn.version_info >= (27, 0, 1) else "deployment.threads.Worker"
    # A view that waits for a database or another site leaves its core to three others.
    threads = _number("WEB_THREADS", 4, 1, 64)
    _connections_each = threads
    if worker_class == "gthread" and not os.environ.get("PORT"):
        # nginx asks each request on a connection of its own. A worker takes no more of them than
        # it has threads; the rest waits in the socket, for whichever worker is free first.
        worker_connections = threads
workers = _number("WEB_CONCURRENCY", _workers(_connections_each), 1, 256)

chdir = str(_DEPLOY.parent / project.PROJECT_ROOT)
pythonpath = f"{_DEPLOY / 'django'},{chdir}"

# Under socket activation (systemd) gunicorn serves the socket it is given and ignores this.
bind = [f"0.0.0.0:{os.environ['PORT']}"] if os.environ.get("PORT") else ["127.0.0.1:8000"]

# The site is loaded before the workers start: a release that cannot start is noticed by
# whoever starts it, and workers share memory. So code is replaced by starting anew, not by HUP.
preload_app = True

# A worker that hangs as a whole is replaced after 55 s, before a proxy gives up at 60 s; one slow
# view does not make it hang. A stop waits 30 s for what is being answered; where nothing allows
# it less than nginx's 60 s, the systemd unit asks for 60 (--graceful-timeout). A balancer that
# keeps its connections to us does so for 60 s, and we for longer.
timeout = 55
graceful_timeout = 30
keepalive = 65

# Memory that some library leaks is given back now and then, not by all workers at once. A new
# worker costs a busy site some requests a second: ten times as often was 15 % at full load.
max_requests = 50_000
max_requests_jitter = 5_000

# The workers' sign of life is a file: in memory, not on a disk that may be slow.
worker_tmp_dir = "/dev/shm"

# Only the proxy reaches us. It sets this header on every request, whatever a client sends.
forwarded_allow_ips = "*"
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}

# systemd and container platforms collect both. The proxy writes the access log already.
errorlog = "-"
accesslog = "-" if os.environ.get("ACCESS_LOG", "").lower() in ("1", "true", "yes", "on") else None
access_log_format = '%({x-forwarded-for}i)s "%(r)s" %(s)s %(b)s %(M)sms "%(a)s"'

# No control socket: it would need a home folder that can be written to.
control_socket_disable = True


def on_starting(server):
    """Keep probes out of the access log, whichever worker writes it."""
    for name in ("gunicorn.access", "uvicorn.access"):
        logging.getLogger(name).addFilter(lambda record: "/healthz/" not in record.getMessage())


def pre_fork(server, worker):
    """Close what loading the site opened: two processes must not share a connection."""
    from django.db import connections

    connections.close_all()
