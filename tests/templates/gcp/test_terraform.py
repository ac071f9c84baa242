"""The real terraform on what is rendered for Google Cloud, whatever was answered."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from clouds.gcp import CLOUD, OPTIONS
from clouds.model import ROOT
from offline_terraform.workspace import Workspace, workspace

import djscaffold
from djscaffold.render.direct import render_files

from .conftest import Render

REGIONS = yaml.safe_load(
    (Path(djscaffold.__file__).parent / "strategy/data/regions.yaml").read_text()
)["gcp"]["regions"]


def test_the_users_own_tests_pass(render: Render) -> None:
    with workspace(render() / "terraform") as ws:
        ws.succeed("init")
        ws.succeed("test")


def test_the_state_bucket_is_made_first_and_found(render: Render) -> None:
    """C07: its name follows from the same two answers in both places."""
    folder = render() / "terraform"
    backend = (folder / "production.gcs.tfbackend").read_text()

    with workspace(folder, root="bootstrap") as ws:
        ws.succeed("init")
        given = ["-var=google_project=example-project", "-var=name=shop", "-var=region=r"]
        ws.succeed("apply", "-auto-approve", *given)
        state = json.loads((ws.root / "terraform.tfstate").read_text())

    assert f'bucket = "{state["outputs"]["bucket"]["value"]}"' in backend


def resources(ws: Workspace, *given: str) -> dict[str, Any]:
    """Return address -> planned values of every resource."""
    ws.succeed("init")
    ws.succeed("plan", "-out=tfplan", *given)
    plan = json.loads(ws.succeed("show", "-json", "tfplan"))
    found = plan["planned_values"]["root_module"]["resources"]
    return {each["address"]: each["values"] for each in found}


def environment_of(values: dict[str, Any]) -> dict[str, str | None]:
    container = (
        values["template"][0].get("containers")
        or values["template"][0]["template"][0]["containers"]
    )
    return {each["name"]: each.get("value") for each in container[0]["env"]}


def test_a_small_site_is_planned_as_it_was_answered(render: Render) -> None:
    """R01, R06, C13, C15, J03, J06."""
    answers = {
        **OPTIONS["jobs"][2],
        **OPTIONS["commands"][1],
        "domain_aliases": [],
        "needs_redis": True,
        "task_broker": "redis",
        "env_names": {"allowed_hosts": "SHOP_HOSTS"},
        "gcp_region": "europe-west9",
    }
    with workspace(render(**answers) / "terraform") as ws:
        planned = resources(ws, '-var=worker={"instances":3}')
    web = planned["google_cloud_run_v2_service.web"]
    container = web["template"][0]["containers"][0]

    # Probes, the port, a processor that is billed while it answers, and scaling to zero.
    assert container["startup_probe"][0]["http_get"][0]["path"] == "/healthz/ready"
    assert container["liveness_probe"][0]["http_get"][0]["path"] == "/healthz/live"
    assert container["ports"][0]["container_port"] == 8000
    assert container["resources"][0]["cpu_idle"]
    assert web["template"][0]["scaling"][0]["min_instance_count"] == 0
    # The project's own variable; Cloud Run's address beside the domain, and never a wildcard.
    assert environment_of(web)["SHOP_HOSTS"] == (
        "shop.example.org,shop-123456789012.europe-west9.run.app"
    )
    # A worker pool has no port to listen on, and there is one beat.
    assert {
        address: values["scaling"][0]["manual_instance_count"]
        for address, values in planned.items()
        if "worker_pool" in address
    } == {
        'google_cloud_run_v2_worker_pool.main["beat"]': 1,
        'google_cloud_run_v2_worker_pool.main["worker"]': 3,
    }
    # Paris has no scheduler: the order to start comes from next door, all else stays.
    assert planned['google_cloud_scheduler_job.command["report"]']["region"] == "europe-west1"
    assert planned['google_cloud_scheduler_job.command["report"]']["schedule"] == "30 4 * * Mon"
    assert {
        address
        for address, values in planned.items()
        for key in ("location", "region")
        if values.get(key) not in (None, "europe-west9") and "scheduler" not in address
    } == set()


def test_live_connections_stay_open_as_long_as_the_platform_allows(render: Render) -> None:
    """R10, C05, B22: an open websocket is a request; the event loop takes many."""
    answers = {"topology": "gcp-cloudrun-ha", "needs_asgi": True, "uses_channels": True}
    with workspace(render(**answers) / "terraform") as ws:
        live = resources(ws)["google_cloud_run_v2_service.web"]
        plain = resources(ws, "-var=uses_websockets=false", "-var=needs_asgi=false")[
            "google_cloud_run_v2_service.web"
        ]
    given = environment_of(plain)
    at_once = int(given["WEB_CONCURRENCY"] or 0) * int(given["WEB_THREADS"] or 0)

    assert live["template"][0]["timeout"] == "3600s"
    assert live["template"][0]["session_affinity"]
    assert plain["template"][0]["max_instance_request_concurrency"] == at_once


def test_every_path_that_takes_a_password_has_a_limit(render: Render) -> None:
    """One rule, because each costs; `/` is the front page, and not the beginning of all others."""

    def expressions(*login_paths: str) -> list[str]:
        folder = render(topology="gcp-cloudrun-ha", login_paths=list(login_paths)) / "terraform"
        with workspace(folder) as ws:
            rules = resources(ws)["google_compute_security_policy.edge[0]"]["rule"]
        return [
            rule["match"][0]["expr"][0]["expression"]
            for rule in rules
            if rule["action"] == "throttle"
        ]

    [expression] = expressions("/", "/accounts/login/", "/a.b/login/")
    pattern = re.fullmatch(
        r"request[.]path[.]matches\('(.*)'\) && request[.]method == 'POST'", expression
    )
    assert pattern
    tried = ["/", "/accounts/login/", "/a.b/login/", "/a-b/login/", "/cart/", "/x/accounts/login/"]
    assert [path for path in tried if re.search(pattern[1], path)] == tried[:3]
    assert expressions() == []


def test_production_data_is_protected_and_a_copy_is_not(render: Render) -> None:
    """C04, C10."""
    folder = render(serves_media=True, needs_redis=True) / "terraform"
    with workspace(folder) as ws:
        production = resources(ws)
        staging = resources(ws, "-var=environment=staging", "-var=deletion_protection=false")

    def protected(planned: dict[str, Any]) -> list[bool]:
        database = planned["google_sql_database_instance.main"]
        return [
            database["deletion_protection"],
            database["settings"][0]["deletion_protection_enabled"],
            planned["google_memorystore_instance.main[0]"]["deletion_protection_enabled"],
            not planned["google_storage_bucket.media[0]"]["force_destroy"],
        ]

    assert (protected(production), protected(staging)) == ([True] * 4, [False] * 4)
    assert staging["google_cloud_run_v2_service.web"]["name"] == "shop-staging"


WRONG = {
    "web={max_instances=40}": "The site may open 325 database connections",
    "environment=a-very-long-name": "An environment is production",
    "dns=clouddns": 'dns = "clouddns" needs dns_zone',
    "domain_verified=true": "Cloud Run takes no domain of its own in this region",
    "google_project=my-project": "Write the id of your Google Cloud project",
    "database_version=MYSQL_8_4": "database_version must be one of database_engine's",
}


def test_a_wrong_value_is_refused_before_anything_is_built(render: Render) -> None:
    with workspace(render(gcp_region="europe-west9") / "terraform") as ws:
        ws.succeed("init")
        refused = {given: ws.terraform("plan", "-no-color", f"-var={given}") for given in WRONG}

    for given, message in WRONG.items():
        assert refused[given].returncode != 0
        assert message in " ".join(re.sub("[│╷╵]", " ", refused[given].stdout).split())


def test_names_are_legal_whatever_the_project_is_called(render: Render) -> None:
    """C07, C08: sixty characters, a word that buckets refuse, a dash at the end."""
    for slug, name in (
        ("a" + "b-" * 29 + "c", r"ab-b-b-b-b-b-[0-9a-f]{4}"),
        ("google-shop-", "gogle-shop"),
        ("blog", "blog"),
        ("hc", "hc-site"),
    ):
        tfvars = (render(project_slug=slug) / "terraform/terraform.tfvars").read_text()
        found = re.search('^name +=  *"(.*)"$', tfvars, re.MULTILINE)
        assert found is not None
        assert re.fullmatch(name, found[1]), found[1]


def test_the_scripts_are_clean(render: Render) -> None:
    deploy = render()
    scripts = sorted(str(path) for path in (deploy / "bin").iterdir())

    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "shellcheck"),
            "--external-sources",
            "--source-path=SCRIPTDIR",
            *scripts,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_no_placeholder_and_no_machine_in_what_is_written(render: Render) -> None:
    deploy = render()
    text = "\n".join(path.read_text() for path in deploy.rglob("*") if path.is_file())

    # Not the home folder: /root is also that of the image that the Dockerfile builds.
    here = str(Path(__file__).parents[3])
    assert [word for word in ("TODO", "FIXME", "{{", "/home/", here) if word in text] == []


def test_cache_and_broker_may_share_a_variable(render: Render) -> None:
    names = {"cache_url": "REDIS_URL", "broker_url": "REDIS_URL"}
    answers = {**OPTIONS["jobs"][1], "needs_redis": True, "env_names": names}

    with workspace(render(**answers) / "terraform") as ws:
        planned = resources(ws)

    assert str(planned).count("'REDIS_URL'") == 3  # web, worker, migrations


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_ci_signs_in_from_its_repository_and_environment_alone(render: Render, ci: str) -> None:
    """C12: no key, and nobody else's branch or fork; its roles are of single things."""
    with workspace(render(ci=ci, ci_repository="acme/shop") / "terraform") as ws:
        planned = resources(ws)
    trusted = planned["google_iam_workload_identity_pool_provider.ci[0]"]
    whole = {
        values["role"]
        for address, values in planned.items()
        if address.startswith("google_project_iam_member.ci")
    }

    assert "== 'acme/shop'" in trusted["attribute_condition"]
    assert "assertion.environment == 'production'" in trusted["attribute_condition"]
    assert whole == {"roles/run.viewer"}


def test_a_region_that_costs_more_says_so(render: Render) -> None:
    """Every region of Google's second price tier, and no other."""
    tiers = {region["id"]: region["run_price_tier"] for region in REGIONS}

    assert {"europe-west1": 1, "europe-west3": 2}.items() <= tiers.items()
    for region, tier in tiers.items():
        answers = {**CLOUD.answers, "platform": "gcp", "gcp_region": region}
        [runbook] = [
            file.content.decode()
            for file in render_files(answers, template=ROOT)
            if file.path == "deploy/README.md"
        ]
        assert (f"**{region} is one of the dearer" in runbook) == (tier == 2), region


def test_where_there_is_no_scheduler_a_neighbour_has_one() -> None:
    """Every region without Cloud Scheduler, by the dated facts, and never a neighbour without."""
    missing = {each["id"] for each in REGIONS if each["cloud_scheduler"] == "no"}
    text = (ROOT / "templates/gcp/deploy/terraform/jobs.tf").read_text()
    neighbours = dict(re.findall(r'^    ([a-z0-9-]+) += "([a-z0-9-]+)"$', text, re.MULTILINE))

    assert missing <= neighbours.keys()
    assert missing.isdisjoint(neighbours.values())
