"""What every expected failure is."""

from __future__ import annotations


class DjscaffoldError(Exception):
    """Something expected went wrong; the command ends with its exit code."""

    exit_code = 1
