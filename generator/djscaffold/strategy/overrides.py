"""A user's own prices, labour rate and hours, checked against the ids of the price list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import yaml

from djscaffold.errors import DjscaffoldError
from djscaffold.strategy.catalogue import read_prices


class OverrideError(DjscaffoldError):
    """A price of the user's own that cannot be used."""

    def __init__(self, found: str, expected: str) -> None:
        """Keep what was found and what would do."""
        super().__init__(found, expected)
        self.found, self.expected = found, expected

    def __str__(self) -> str:
        """Return what was found, what was expected, and where the ids are."""
        return (
            f"Your own prices cannot be used: {self.found}.\n\n"
            f"Expected: {self.expected}.\n\n"
            "All ids with their figures: djscaffold explain price"
        )


def read_overrides(path: Path) -> dict[str, float]:
    """Return the prices in a YAML file of ``fact id: value`` lines."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OverrideError(f"{path}: {error.strerror}", "a file that can be read") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise OverrideError(f"{path} is no YAML", "lines such as `labour.rate_hour: 45`") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, Mapping):
        raise OverrideError(f"{path} holds no lines", "lines such as `labour.rate_hour: 45`")
    return {str(key): _value(str(key), value) for key, value in loaded.items()}


def overrides_of(assignments: Sequence[str]) -> dict[str, float]:
    """Return the prices in ``ID=VALUE`` texts."""
    found = {}
    for text in assignments:
        key, equals, value = text.partition("=")
        if not equals:
            raise OverrideError(repr(text), "ID=VALUE, such as labour.rate_hour=45")
        found[key.strip()] = _value(key.strip(), value)
    return found


def _value(key: str, value: object) -> float:
    known = read_prices().ids()
    if key not in known:
        near = get_close_matches(key, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise OverrideError(f"there is no price called {key}", f"an id of the price list{hint}")
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise OverrideError(f"{key} is {value!r}", "a number that is not negative")
    return number
