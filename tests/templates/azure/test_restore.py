"""The copy of a restored database over the site's: the script that Terraform hands to the job, on
a real PostgreSQL; and what deploy/bin/restore asks of Azure."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from offline_terraform.workspace import workspace

from .conftest import Render
from .test_release import Run, cloud, run  # noqa: F401
from .test_terraform import resources


def server_programs() -> Path:
    """Return the folder of initdb and pg_ctl, or skip."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL's server is not installed")
    return found[-1].parent


@pytest.fixture
def database() -> Iterator[Path]:
    """A PostgreSQL of its own, reached over a socket in the folder that is yielded."""
    programs = server_programs()
    # A short path: that of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        prefix: list[str] = []
        if os.geteuid() == 0:
            # It refuses to run as root.
            shutil.chown(folder, "postgres")
            prefix = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]

        def call(program: str, *arguments: str) -> None:
            told = [*prefix, str(programs / program), "-D", f"{folder}/data", *arguments]
            subprocess.run(told, check=True, cwd="/", stdout=subprocess.DEVNULL)

        call("initdb", "-U", "app", "--auth=trust", "--no-sync", "--no-locale", "--encoding=UTF8")
        call(
            "pg_ctl",
            "-o",
            f"-k {folder} -c listen_addresses=",
            "-l",
            f"{folder}/log",
            "-w",
            "start",
        )
        try:
            yield folder
        finally:
            call("pg_ctl", "-m", "immediate", "stop")


def sql(folder: Path, name: str, statement: str) -> str:
    done = subprocess.run(
        ["psql", "-h", str(folder), "-U", "app", "-d", name, "-Atc", statement],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_the_copy_replaces_everything_or_nothing(render: Render, database: Path) -> None:
    """A copy that breaks off leaves the site's data as it was."""
    with workspace(render() / "terraform") as ws:
        [container] = resources(ws)["azurerm_container_app_job.copy"]["template"][0]["container"]
    script = container["command"][2]
    # Two servers are two databases here: the address differs in its name, not in its host.
    assert "s/@[^.]*/@$COPY/" in script
    script = script.replace("s/@[^.]*/@$COPY/", "s/app[?]/$COPY?/")
    site = f"postgis://app@/app?host={database}&sslmode=verify-full&sslrootcert=/nowhere"
    script = script.replace("sslmode=.*/sslmode=require/", "&sslmode=.*//")
    for name in ("app", "copy"):
        sql(database, "postgres", f"CREATE DATABASE {name}")
    sql(database, "app", "CREATE TABLE later (id int); CREATE TABLE orders (id int)")
    sql(database, "copy", "CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)")

    def copy(server: str) -> int:
        given = {**os.environ, "SITE": site, "COPY": server}
        return subprocess.run(["bash", "-c", script], env=given, check=False).returncode

    assert copy("nowhere") != 0
    assert sql(database, "app", "SELECT count(*) FROM orders") == "0"
    assert copy("copy") == 0
    assert sql(database, "app", "SELECT id FROM orders") == "7"
    assert sql(database, "app", "SELECT count(*) FROM later") == "0"


def test_a_restore_over_the_site_stops_it_copies_and_starts_it(
    run: Run,  # noqa: F811
    cloud: Path,  # noqa: F811
) -> None:
    done = run("restore", "--into-site", "shop-restored-01311405", given="shop123\n")

    assert done.returncode == 0, done.stderr
    told = [
        line.partition(" --resource-group")[0]
        for line in (cloud / "calls").read_text().splitlines()
    ]
    order = [line for line in told if "activate" in line or "job" in line]
    assert order == [
        "containerapp revision deactivate --name shop --revision shop--old --output none",
        "containerapp revision deactivate --name shop-worker --revision shop-worker--old --output none",
        "containerapp revision deactivate --name shop-beat --revision shop-beat--old --output none",
        "containerapp job update --name shop-copy --set-env-vars COPY=shop-restored-01311405 --output none",
        "containerapp job start --name shop-copy --query name --output tsv",
        "containerapp job execution show --name shop-copy --job-execution-name run-1 --query properties.status --output tsv",
        "containerapp revision activate --name shop --revision shop--old --output none",
        "containerapp revision activate --name shop-worker --revision shop-worker--old --output none",
        "containerapp revision activate --name shop-beat --revision shop-beat--old --output none",
    ]
    assert not (cloud / "blobs/lock").exists()


@pytest.mark.parametrize(("answer", "job"), [("yes", "Succeeded"), ("shop123", "Failed")])
def test_a_restore_that_is_not_meant_or_fails_says_so(
    run: Run,  # noqa: F811
    cloud: Path,  # noqa: F811
    answer: str,
    job: str,
) -> None:
    done = run("restore", "--into-site", "shop-restored-01311405", given=f"{answer}\n", JOB=job)

    told = (cloud / "calls").read_text()
    assert done.returncode == 1
    assert told.count("revision deactivate") == told.count("revision activate")
    assert ("Nothing was changed" if answer == "yes" else "The copy failed") in done.stderr
