"""Where: the region of each cloud for a profile, with its country, gaps and price list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from djscaffold.profile import Profile
from djscaffold.profile.countries import EEA_MEMBERS, area_of, shares_law
from djscaffold.strategy.catalogue import read_data

# The first choice of each area, for teams without a region in their own country: cheapest of the
# well-supplied ones. East US 2 is left out: it refused capacity (data/regions.yaml, known_gaps).
FAVOURITES = {
    "aws": {
        **{"eu": "eu-central-1", "uk": "eu-west-2", "ch": "eu-central-2", "us": "us-east-1"},
        **{"ca": "ca-central-1", "latam": "sa-east-1", "africa": "af-south-1"},
        **{"me": "me-central-1", "in": "ap-south-1", "apac": "ap-southeast-1"},
        **{"cn": "cn-north-1"},
    },
    "azure": {
        **{"eu": "northeurope", "uk": "uksouth", "ch": "switzerlandnorth", "us": "centralus"},
        **{"ca": "canadacentral", "latam": "brazilsouth", "africa": "southafricanorth"},
        **{"me": "uaenorth", "in": "centralindia", "apac": "southeastasia", "cn": "chinanorth3"},
    },
    "gcp": {
        **{"eu": "europe-west1", "uk": "europe-west2", "ch": "europe-west6", "us": "us-central1"},
        **{"ca": "northamerica-northeast1", "latam": "southamerica-east1"},
        **{"africa": "africa-south1", "me": "me-central1", "in": "asia-south1"},
        **{"apac": "asia-southeast1"},
    },
}
# Regions whose own price list was read, cheapest first; every other one borrows from the nearest
# of its provider.
_CHEAPEST_FIRST = {
    "aws": ("us-east-1", "eu-west-1", "eu-central-1"),
    "azure": ("eastus2", "northeurope", "swedencentral", "westeurope"),
    "gcp": ("us-central1", "europe-west1", "europe-west4", "europe-west9", "europe-west3"),
}
# Programmes that bind the data to a country or an area.
_LOCAL_RULES: Mapping[str, Collection[str]] = {
    **dict.fromkeys(("fedramp_moderate", "fedramp_high", "cjis", "itar"), ("US",)),
    "irap": ("AU",),
    "hds": EEA_MEMBERS,
}
_EUROPE = ("eu", "eea", "ch", "uk")
_AMERICA = ("us", "ca", "latam")
# Where price lists differ by region; elsewhere the tier says nothing against the nearest region.
_COMPARED_BY_PRICE = (*_EUROPE, "us")
_FIRST_OF_PARTITION = ("us-gov-west-1", "usgovvirginia", "chinanorth3")
DEAR = frozenset({"westeurope"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place where a cloud runs; ``gaps`` are the services that a Django site would miss."""

    id: str
    name: str
    provider: str
    country: str
    area: str
    partition: str = ""
    zones: int | None = None
    gaps: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    price_tier: int | None = None
    restricted: str = ""

    @property
    def price_region(self) -> str:
        """Return the region whose prices stand for this one's."""
        if self.id in _CHEAPEST_FIRST[self.provider]:
            return self.id
        if self.partition == "s3ns":
            return "europe-west9"
        if self.provider == "gcp" and self.price_tier == 2:
            return "europe-west3"
        in_europe = self.area in _EUROPE
        first = {"aws": "eu-central-1", "azure": "northeurope", "gcp": "europe-west1"}
        other = {"aws": "us-east-1", "azure": "eastus2", "gcp": "us-central1"}
        return (first if in_europe else other)[self.provider]

    @property
    def is_priced(self) -> bool:
        """Return whether the prices are this region's own."""
        return self.price_region == self.id


@cache
def read_regions() -> tuple[Region, ...]:
    """Return every region that may be recommended; classified ones are left out."""
    raw = read_data("regions")
    return (*_aws(raw["aws"]), *_azure(raw["azure"]), *_google(raw["gcp"]))


def find_region(region_id: str) -> Region | None:
    """Return the region called *region_id*, or None."""
    return next((each for each in read_regions() if each.id == region_id), None)


def home_of(profile: Profile) -> str:
    """Return the country that decides: the organisation's, or "" where nobody said."""
    return profile.country


def area_for(profile: Profile) -> str:
    """Return the area nearest to the users: the organisation's own if it has users there."""
    own = area_of(profile.country) if profile.country else ""
    places = [place for place in profile.users if place not in ("own_site", "worldwide")]
    if not places:
        return own or ("us" if "worldwide" in profile.users else "eu")
    return own if own in places else places[0]


def serves_china(profile: Profile) -> bool:
    """Return whether the site as a whole must stand in mainland China."""
    if profile.country == "CN":
        return not {"cn", "own_site"}.isdisjoint(profile.users)
    return set(profile.users) == {"cn"}


def find_place(
    profile: Profile, provider: str, partition: str = "", *, cheapest: bool = False
) -> Region | None:
    """Return the region for *profile* in one partition of *provider*, or None.

    *cheapest* puts the price list before the country, on the same continent: for those whose money
    does not reach for the nearest.
    """
    return _find_place(_whereabouts(profile), provider, partition, cheapest)


def _whereabouts(profile: Profile) -> Profile:
    """Return *profile* with nothing but the answers that places depend on, so that it is reused."""
    return Profile(
        users=profile.users,
        country=profile.country,
        data_rule="region" if profile.is_at_least("data_rule", "region") else "none",
        rules=tuple(rule for rule in profile.rules if rule in _LOCAL_RULES),
        needs=tuple(need for need in profile.needs if need == "scheduled_jobs"),
    )


@lru_cache(maxsize=4096)
def _find_place(profile: Profile, provider: str, partition: str, cheapest: bool) -> Region | None:
    open_to = [
        region
        for region in read_regions()
        if region.provider == provider
        and region.partition == partition
        and not region.restricted
        and _is_allowed(profile, region)
    ]

    def order(region: Region) -> tuple[object, ...]:
        price = _CHEAPEST_FIRST[region.provider].index(region.price_region)
        afar = region.area not in _continent_of(area_for(profile))
        first = (afar, not region.is_priced, price) if cheapest else ()
        return (*first, *_rank(profile, region))

    return min(open_to, key=order, default=None)


def _continent_of(area: str) -> Collection[str]:
    """Return the areas that are as near as *area* itself, for those who must look at the price."""
    return next((areas for areas in (_EUROPE, _AMERICA) if area in areas), (area,))


def lawful(profile: Profile, country: str) -> bool:
    """Return whether the profile's data may lie in *country*."""
    for rule in profile.rules:
        if country not in _LOCAL_RULES.get(rule, (country,)):
            return False
    if not profile.is_at_least("data_rule", "region") or not profile.country:
        return True
    return shares_law(profile.country, country)


def _is_allowed(profile: Profile, region: Region) -> bool:
    if not lawful(profile, region.country):
        return False
    in_china = region.country == "CN"
    return in_china == serves_china(profile)


def _rank(profile: Profile, region: Region) -> tuple[object, ...]:
    """Order regions: own country under a data rule, then the area, then services and price."""
    area = area_for(profile)
    at_home = region.country == profile.country
    ruled = profile.is_at_least("data_rule", "region")
    misses = "scheduler" in region.gaps and profile.needs_any("scheduled_jobs")
    dear = region.area in _COMPARED_BY_PRICE and (region.price_tier or 1) > 1
    too_few_zones = region.zones in (0, 2)
    favourite = region.id in (FAVOURITES[region.provider].get(area), *_FIRST_OF_PARTITION)
    return (
        ruled and not at_home,
        region.area != area and not at_home,
        too_few_zones,
        bool(region.gaps) and not misses and "memorystore" in region.gaps,
        region.id in DEAR or misses or (not ruled and dear),
        not (at_home and area_of(profile.country) == area),
        not favourite,
        len(region.unverified),
        region.id,
    )


def _aws(raw: Mapping[str, Any]) -> Iterator[Region]:
    hidden = {name for name, each in raw["partitions"].items() if each.get("never_recommend")}
    for each in raw["regions"]:
        if each["partition"] in hidden:
            continue
        yield Region(
            id=each["id"],
            name=each["name"],
            provider="aws",
            country=each["country"],
            area=each["area"],
            partition="" if each["partition"] == "aws" else each["partition"],
            zones=each["zones"],
            gaps=tuple(key for key in ("cloudfront", "ses") if each[key] == "no"),
            unverified=tuple(
                key for key in ("ecs", "rds_postgresql", "elasticache") if each[key] == "unverified"
            ),
        )


def _azure(raw: Mapping[str, Any]) -> Iterator[Region]:
    services = ("container_apps", "postgresql_flexible")
    for each in raw["regions"]:
        yield Region(
            id=each["id"],
            name=each["name"],
            provider="azure",
            country=each["country"],
            area=each["area"],
            zones=each["zones"],
            unverified=tuple(key for key in services if each[key] == "unverified"),
        )
    government, china = raw["government"], raw["china"]
    for each in government["regions"]:
        yield Region(
            id=each["id"],
            name=f"Azure Government ({each['id']})",
            provider="azure",
            country="US",
            area="us",
            partition="azure-gov",
            zones=each["zones"] or 0,
            gaps=("container_apps",),
            restricted=each.get("who", ""),
        )
    for name in china["regions"]:
        yield Region(
            id=name,
            name=f"Azure China ({name}, 21Vianet)",
            provider="azure",
            country="CN",
            area="cn",
            partition="azure-china",
            unverified=services,
        )


def _google(raw: Mapping[str, Any]) -> Iterator[Region]:
    gaps, restricted = raw["memorystore_gaps"], raw["restricted"]
    for each in raw["regions"]:
        services = ("cloud_run", "cloud_sql")
        missing = ["scheduler"] if each["cloud_scheduler"] == "no" else []
        if each["id"] in gaps["regions"]:
            missing.append("memorystore")
        base = Region(
            id=each["id"],
            name=each["name"],
            provider="gcp",
            country=each["country"],
            area=each["area"],
            zones=each["zones"],
            gaps=tuple(missing),
            unverified=tuple(key for key in services if each[key] == "unverified"),
            price_tier=each["run_price_tier"],
            restricted=restricted.get(each["id"], ""),
        )
        yield base
        if each["assured_workloads"] == "yes":
            yield _in_partition(base, "gcp-assured")
        if each["id"] == "europe-west9":
            yield _in_partition(base, "s3ns", name="S3NS (France)", id="s3ns-paris", gaps=())


def _in_partition(region: Region, partition: str, **changes: Any) -> Region:
    known = {name: getattr(region, name) for name in Region.__slots__}
    return Region(**{**known, "partition": partition, **changes})
