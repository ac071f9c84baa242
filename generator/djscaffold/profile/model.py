"""The profile: twelve questions' answers, checked, with what was only assumed.

Answers arrive from people and YAML, so the reader here forgives what YAML 1.1 does to them:
``10_50`` is the integer 1050, ``NO`` is false, ``yes`` is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from djscaffold.errors import DjscaffoldError
from djscaffold.profile.countries import area_of

# Key -> the values it may take, weakest or smallest first where there is an order.
CHOICES: dict[str, tuple[str, ...]] = {
    "users": (
        *("own_site", "eu", "uk", "ch", "us", "ca", "latam", "africa", "me", "in", "apac", "cn"),
        "worldwide",
    ),
    "data_rule": ("none", "region", "own_law_only", "own_building", "no_internet"),
    "rules": (
        *("none", "gdpr", "soc2", "iso27001", "pci_dss", "hipaa", "hds", "secnumcloud", "c5"),
        *("ens", "irap", "ismap", "mtcs", "fedramp_moderate", "fedramp_high", "cjis", "itar"),
        *("dora", "nis2"),
    ),
    "hosting_now": ("none", "rented", "spare_server", "server_room"),
    "ops": ("nobody", "part_time", "one_admin", "admin_team"),
    "traffic": ("mostly_idle", "steady", "daily_peaks", "bursty"),
    "size": ("tiny", "small", "medium", "large", "huge"),
    "downtime": ("annoying", "costly", "unacceptable", "dangerous"),
    "budget": ("under_10", "10_50", "50_250", "250_1000", "1000_5000", "over_5000"),
    "buy_hardware": ("no", "yes"),
    "tied_to": ("none", "aws", "azure", "gcp"),
    "tie_reason": ("contract", "sign_in", "data", "skills"),
    "leave": ("not_important", "nice", "must"),
    "needs": (
        *("background_jobs", "scheduled_jobs", "live_updates", "long_requests", "big_files"),
        *("analytics", "ml_gpu", "big_data", "heavy_downloads"),
    ),
}
LISTS = ("users", "rules", "needs")
NOT_SURE = "not_sure"
# Spellings that YAML 1.1 leaves of an unquoted answer.
_AS_YAML_READS_THEM = {"false": "no", "true": "yes"} | {
    band.replace("_", ""): band for band in CHOICES["budget"] if band[0].isdigit()
}


class ProfileError(DjscaffoldError):
    """An answer that the profile cannot hold."""

    def __init__(self, key: str, found: object, expected: str) -> None:
        """Keep the key, what was found and what would do."""
        super().__init__(key, found, expected)
        self.key, self.found, self.expected = key, found, expected

    def __str__(self) -> str:
        """Return what was found, what was expected, and where to read on."""
        return (
            f"The profile cannot be used: {self.key} is {self.found!r}.\n\n"
            f"Expected: {self.expected}.\n\n"
            f"What each answer means: djscaffold explain question {self.key}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Answers to the twelve questions; the defaults are those of "not sure".

    ``country`` is the ISO 3166-1 code of the organisation, or empty. ``assumed`` names the keys
    that nobody answered.
    """

    users: tuple[str, ...] = ("eu",)
    country: str = ""
    data_rule: str = "none"
    rules: tuple[str, ...] = ()
    hosting_now: str = "none"
    ops: str = "part_time"
    traffic: str = "daily_peaks"
    size: str = "small"
    downtime: str = "costly"
    budget: str = "50_250"
    buy_hardware: str = "no"
    tied_to: str = "none"
    tie_reason: str = ""
    leave: str = "nice"
    needs: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def needs_any(self, *names: str) -> bool:
        """Return whether one of the needs *names* was ticked."""
        return not set(names).isdisjoint(self.needs)

    def has_rule(self, *names: str) -> bool:
        """Return whether one of the programmes *names* applies."""
        return not set(names).isdisjoint(self.rules)

    def is_at_least(self, key: str, value: str) -> bool:
        """Return whether the answer to an ordered question is *value* or stronger."""
        order = CHOICES[key]
        return order.index(getattr(self, key)) >= order.index(value)

    def answers(self) -> dict[str, Any]:
        """Return the profile as a file holds it."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        del plain["assumed"]
        return {
            key: list(value) if isinstance(value, tuple) else value or None
            for key, value in plain.items()
        }


KEYS = tuple(field.name for field in fields(Profile) if field.name != "assumed")


def make_profile(answers: Mapping[str, Any]) -> Profile:
    """Return the profile that *answers* describe; raise ProfileError for one it cannot hold."""
    for key in answers:
        if key not in KEYS:
            near = get_close_matches(str(key), KEYS, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ProfileError(str(key), answers[key], f"one of the keys {', '.join(KEYS)}{hint}")
    given = {key: value for key, value in answers.items() if not _is_unsure(value)}
    known: dict[str, Any] = {key: _answer_of(key, value) for key, value in given.items()}
    assumed = tuple(key for key in KEYS if key not in known and _matters(key, known))
    if "users" not in known and known.get("country"):
        known["users"] = (area_of(known["country"]),)
    if known.get("tied_to", "none") == "none":
        known["tie_reason"] = ""
    elif "tie_reason" not in known:
        known["tie_reason"] = "skills"
    return Profile(**known, assumed=assumed)


def _is_unsure(value: object) -> bool:
    return value is None or value == "" or value == NOT_SURE


def _matters(key: str, known: Mapping[str, Any]) -> bool:
    """Return whether an unanswered *key* was really left open (a tie reason needs a tie)."""
    return key != "tie_reason" or known.get("tied_to", "none") != "none"


def _answer_of(key: str, value: object) -> str | tuple[str, ...]:
    """Return *value* as the profile spells it."""
    if key == "country":
        return _country_of(value)
    if key in LISTS:
        return _several_of(key, value)
    return _one_of(key, value)


def _country_of(value: object) -> str:
    code = "NO" if value is False else str(value).strip().upper()
    code = {"UK": "GB", "EL": "GR"}.get(code, code)
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise ProfileError("country", value, "two letters of ISO 3166-1, such as DE or US")
    return code


def _one_of(key: str, value: object) -> str:
    text = str(value).strip().lower()
    text = _AS_YAML_READS_THEM.get(text, text)
    if text not in CHOICES[key]:
        near = get_close_matches(text, CHOICES[key], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ProfileError(key, value, f"one of {', '.join(CHOICES[key])}, or {NOT_SURE}{hint}")
    return text


def _several_of(key: str, value: object) -> tuple[str, ...]:
    """Return a ticked list in the tool's own order, so that the user's is irrelevant."""
    if isinstance(value, str):
        items: Iterable[object] = [part for part in value.split(",") if part.strip()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        items = value
    else:
        raise ProfileError(key, value, "a list")
    if key == "needs":
        items = [item for item in items if item is not None and str(item).strip() != "none"]
    ticked = {_one_of(key, item) for item in items if item is not None}
    if ticked == {"none"}:
        return ()
    if not ticked and key == "users":
        raise ProfileError(key, value, f"at least one of {', '.join(CHOICES[key])}")
    return tuple(name for name in CHOICES[key] if name in ticked and name != "none")
