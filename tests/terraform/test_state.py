"""Where the state of AWS lives: a bucket with a lock, spoken to as S3 speaks (moto)."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from clouds.aws import CLOUD
from offline_terraform.workspace import Workspace, workspace
from ports import free_port

KEYS = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
# What only the real AWS could answer.
STAND_IN = [
    "-backend-config=skip_credentials_validation=true",
    "-backend-config=skip_metadata_api_check=true",
    "-backend-config=skip_requesting_account_id=true",
    "-backend-config=use_path_style=true",
]
STATE = "production/terraform.tfstate"


@pytest.fixture
def s3() -> Iterator[Any]:
    """Yield a client of an S3 that runs on this machine."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield get_session().create_client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="eu-central-1",
            aws_access_key_id="nobody",
            aws_secret_access_key="nothing",
        )
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(attempt: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            attempt()
        except (OSError, ClientError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.mark.slow
def test_the_state_is_encrypted_and_locked(s3: Any, tmp_path: Path) -> None:
    """C07: the runbook's first two steps, and a second person who applies at the same time."""
    folder = CLOUD.write(tmp_path, {})
    (folder / "production.s3.tfbackend").write_text(bootstrap(folder))
    bucket = "shop-terraform-123456789012"
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    address = {**KEYS, "AWS_ENDPOINT_URL_S3": s3.meta.endpoint_url}

    with workspace(folder) as ws:
        ws.use_real_backend()
        ws.succeed("init", "-backend-config=production.s3.tfbackend", *STAND_IN, env=address)
        ws.succeed("apply", "-auto-approve", env=address)
        state = s3.head_object(Bucket=bucket, Key=STATE)
        refused, afterwards = while_somebody_applies(ws, s3, bucket, address)

    assert state["ServerSideEncryption"] == "AES256"
    assert refused.returncode != 0
    assert "Error acquiring the state lock" in refused.stdout
    assert afterwards.returncode == 0, afterwards.stdout
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [STATE]


def bootstrap(folder: Path) -> str:
    """Make the bucket as the runbook says; return what it says to write down."""
    with workspace(folder / "bootstrap") as ws:
        ws.succeed("init")
        ws.succeed("apply", "-auto-approve", "-var=project_slug=shop", "-var=region=eu-central-1")
        return ws.succeed("output", "-raw", "backend")


def while_somebody_applies(
    ws: Workspace, s3: Any, bucket: str, address: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], subprocess.CompletedProcess[str]]:
    """Return a plan made while another apply waits for its yes, and one made afterwards."""
    with ws.start("apply", "-var=zones=3", env={**address, "TF_INPUT": "1"}) as other:
        _wait_for(lambda: s3.head_object(Bucket=bucket, Key=f"{STATE}.tflock"))
        refused = ws.terraform("plan", env=address)
        other.communicate("no\n", timeout=60)
    return refused, ws.terraform("plan", "-detailed-exitcode", env=address)
