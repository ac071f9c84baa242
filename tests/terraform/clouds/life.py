"""What every site must go through, on every cloud."""

from __future__ import annotations

from offline_terraform.workspace import Workspace

# The password that the offline providers make: tests/terraform/computed.json.
CANARY = "a-generated-password"


def come_up_stay_and_go(ws: Workspace, *given: str) -> str:
    """Apply, plan again, destroy; no secret is in the plan or in the state between.

    Returns the state that stood between.
    """
    ws.succeed("init")
    ws.succeed("fmt", "-check", "-diff", "-recursive")
    ws.succeed("validate")
    ws.succeed("plan", "-out=tfplan", *given)
    plan = ws.succeed("show", "-json", "tfplan")
    ws.succeed("apply", "-auto-approve", *given)
    again = ws.terraform("plan", "-detailed-exitcode", *given)
    state = (ws.root / "terraform.tfstate").read_text()
    assert again.returncode == 0, again.stdout
    assert CANARY not in plan + state
    assert "change-me" not in state
    ws.succeed("destroy", "-auto-approve", *given)
    return state
