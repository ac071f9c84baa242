"""A person at a terminal: answers are typed when they are asked for."""

from __future__ import annotations

import os
import pty
import time
from collections.abc import Sequence

PATIENCE_S = 60


def converse(argv: Sequence[str], answers: Sequence[tuple[str, str]]) -> str:
    """Run *argv* at a terminal of its own; type each answer after its question.

    Returns what the terminal showed; raises AssertionError if a question did not come, or the
    command failed.
    """
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(argv[0], list(argv))
    os.set_blocking(terminal, False)
    shown = ""
    try:
        for question, answer in answers:
            said = _read_until(terminal, question)
            shown += said
            assert question in said, f"{question!r} was not asked:\n{shown}"
            # Those who turn off the echo for a password throw away what was typed before.
            time.sleep(0.3)
            os.write(terminal, f"{answer}\n".encode())
        shown += _read_until(terminal, None)
    finally:
        os.close(terminal)
        _, status = os.waitpid(process, 0)
    assert status == 0, shown
    return shown


def _read_until(terminal: int, text: str | None) -> str:
    """Return what is shown up to *text*, or up to the end for None."""
    shown = ""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and (text is None or text not in shown):
        try:
            part = os.read(terminal, 4096)
        except BlockingIOError:
            time.sleep(0.05)
            continue
        except OSError:
            break
        if not part:
            break
        shown += part.decode("utf-8", "replace")
    return shown
