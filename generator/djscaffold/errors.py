"""Every expected failure: a class that holds data, whose ``str`` is the whole message.

A message has three parts: what happened, why that stops us, what to do next.
They are raised anywhere and caught once, in ``djscaffold.cli``.
"""

from __future__ import annotations


class DjscaffoldError(Exception):
    """Something expected went wrong; the command ends with exit code 1."""
