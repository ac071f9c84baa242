"""Amounts with no more digits than the facts behind them deserve."""

from __future__ import annotations


def rounded(usd: float, *, digits: int = 2) -> str:
    """Return an amount with *digits* significant digits: ``4,700`` for 4738.77."""
    if abs(usd) < 1:
        return "0"
    step = 10 ** max(0, len(str(int(abs(usd)))) - digits)
    return f"{int(round(usd / step) * step):,}"
