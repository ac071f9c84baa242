"""Which topology of a family is tried first: the class that the answers ask for, then others."""

from __future__ import annotations

from djscaffold.profile import Profile
from djscaffold.strategy.catalogue import Topology, topologies_of
from djscaffold.strategy.regions import serves_china

FAMILIES = ("own", "rented", "aws", "aws-eusc", "azure", "gcp")
_CLASSES = ("XS", "S", "M", "L")
# US government programmes and the set of regions that each cloud serves them from.
_GOVERNMENT = ("fedramp_high", "cjis", "itar")


def class_of(profile: Profile) -> str:
    """Return the size class that the answers ask for: XS, S, M (highly available) or L."""
    if profile.is_at_least("size", "large"):
        return "L"
    if profile.is_at_least("downtime", "unacceptable"):
        return "M"
    if profile.size == "medium" and profile.is_at_least("budget", "250_1000"):
        return "M"
    tiny = profile.size == "tiny" and profile.downtime == "annoying"
    if tiny or not profile.is_at_least("budget", "50_250"):
        return "XS"
    return "S"


def partition_for(profile: Profile, family: str) -> str:
    """Return the partition of *family* that the rules demand, or "" for its public regions."""
    if family == "aws-eusc":
        return "aws-eusc"
    if serves_china(profile):
        return {"aws": "aws-cn", "azure": "azure-china"}.get(family, "")
    if profile.has_rule(*_GOVERNMENT):
        return {"aws": "aws-us-gov", "azure": "azure-gov", "gcp": "gcp-assured"}.get(family, "")
    if family == "gcp" and profile.has_rule("fedramp_moderate"):
        return "gcp-assured"
    if family == "gcp" and _asks_for_french_law(profile):
        return "s3ns"
    return ""


def rungs(profile: Profile, family: str) -> tuple[Topology, ...]:
    """Return the topologies of *family* in the order in which they are tried.

    The class asked for comes first; then what is smaller and cheaper, nearest first; then bigger.
    """
    partition = partition_for(profile, family)
    # China's partitions hold the ordinary topologies; the others have topologies of their own.
    held = "" if partition in ("aws-cn", "azure-china") else partition
    candidates = [each for each in topologies_of(family) if each.partition == held]
    wanted = _CLASSES.index(_class_for(profile, family))

    def distance(topology: Topology) -> tuple[bool, int]:
        step = _CLASSES.index(topology.size_class) - wanted
        return (step > 0, abs(step))

    return tuple(sorted(candidates, key=distance))


def _class_for(profile: Profile, family: str) -> str:
    """Return the class asked of *family*: money buys no second server, only a need does."""
    if family == "rented":
        return "M" if profile.is_at_least("downtime", "unacceptable") else "S"
    wanted = class_of(profile)
    if family == "own" and profile.hosting_now == "server_room" and wanted != "L":
        # Virtual machines on a cluster that is there: no reason for a machine of its own.
        return "S" if _single_air_gapped(profile) else "M"
    return wanted


def _single_air_gapped(profile: Profile) -> bool:
    calm = not profile.is_at_least("downtime", "unacceptable")
    return profile.data_rule == "no_internet" and calm


def modifiers_of(profile: Profile, topology: Topology, partition: str) -> tuple[str, ...]:
    """Return what is added to a topology for this profile."""
    extra = list(topology.modifiers)
    if profile.downtime == "dangerous" and topology.size_class != "XS":
        extra.append("second_region")
    if partition in ("aws-cn", "azure-china"):
        extra.append(f"partition={partition}")
    return tuple(extra)


def _asks_for_french_law(profile: Profile) -> bool:
    at_home = profile.country == "FR" and profile.is_at_least("data_rule", "own_law_only")
    return profile.has_rule("secnumcloud") or at_home
