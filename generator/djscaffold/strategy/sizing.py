"""How big the site is: from the profile's words to requests, gigabytes and processors.

Every number is an assumption that the reference bills of material were made with; at a topology's
reference load each scale is 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from djscaffold.profile import Profile
from djscaffold.strategy.catalogue import Topology

# Requests per second at the busiest moment: the upper end of each answer.
RPS = {"tiny": 1, "small": 20, "medium": 200, "large": 2000, "huge": 5000}
# How much of the busiest moment the average hour sees.
SHARE = {"mostly_idle": 0.02, "steady": 0.7, "daily_peaks": 0.35, "bursty": 0.1}
# About 40 requests per second keep one vCPU of a Django site busy; it is planned to be 60 % busy.
RPS_PER_VCPU = 25
DB_DISK_GB = {"tiny": 10, "small": 20, "medium": 100, "large": 1000, "huge": 2000}
FILES_GB = {"tiny": 5, "small": 20, "medium": 200, "large": 5000, "huge": 10000}
EGRESS_GB = {"tiny": 5, "small": 50, "medium": 500, "large": 10240, "huge": 30720}
HEAVY_EGRESS_GB = {"tiny": 2000, "small": 5000, "medium": 20000, "large": 20480, "huge": 102400}
LOGS_GB = {"tiny": 1, "small": 5, "medium": 20, "large": 200, "huge": 500}
DB_POWER = {"tiny": 0.5, "small": 1, "medium": 4, "large": 16, "huge": 32}
CACHE_POWER = {"tiny": 1, "small": 1, "medium": 1, "large": 4, "huge": 8}
# Hours a month in which a GPU is really at work.
GPU_HOURS = {"mostly_idle": 75, "steady": 730, "daily_peaks": 250, "bursty": 75}
# The share of its time that the worker of a site at rest is awake.
RESTING_WORKER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the site asks of its hosting, and what is there already; flows are per month."""

    size: str
    rps: float
    average_rps: float
    web_vcpu: float
    db_disk_gb: float
    files_gb: float
    egress_gb: float
    logs_gb: float
    gpu_hours: float = 0.0
    rests: bool = False
    has_jobs: bool = False
    has_beat: bool = False
    has_broker: bool = False
    hosting_now: str = "none"


def load_of(profile: Profile) -> Load:
    """Return the load that a profile describes."""
    load = _plain_load(profile.size, profile.traffic)
    files = load.files_gb * (3 if profile.needs_any("big_files") else 1)
    if profile.needs_any("big_data"):
        files = max(files, 2000)
    egress = load.egress_gb
    if profile.needs_any("heavy_downloads"):
        egress = max(egress, HEAVY_EGRESS_GB[profile.size])
    return replace(
        load,
        files_gb=files,
        egress_gb=egress,
        gpu_hours=float(GPU_HOURS[profile.traffic]) if profile.needs_any("ml_gpu") else 0.0,
        rests=profile.traffic == "mostly_idle" and profile.downtime == "annoying",
        has_jobs=profile.needs_any("background_jobs"),
        # Commands on a schedule alone use the platform's scheduler: nothing of theirs stays awake.
        has_beat={"background_jobs", "scheduled_jobs"} <= set(profile.needs),
        has_broker=profile.needs_any("background_jobs", "live_updates"),
        hosting_now=profile.hosting_now,
    )


def _plain_load(size: str, traffic: str) -> Load:
    average = RPS[size] * SHARE[traffic]
    return Load(
        size=size,
        rps=RPS[size],
        average_rps=average,
        web_vcpu=ceil(average / RPS_PER_VCPU * 2) / 2,
        db_disk_gb=DB_DISK_GB[size],
        files_gb=FILES_GB[size],
        egress_gb=EGRESS_GB[size],
        logs_gb=LOGS_GB[size],
    )


def scales_of(topology: Topology, load: Load) -> dict[str, float]:
    """Return, for each scale that a bill may name, how many times its reference it is."""
    reference = _plain_load(topology.reference_size, topology.reference_traffic)
    web = _web(topology, load)
    active = load.average_rps / reference.average_rps
    share = topology.web_vcpu.get("active_share", 0.0)
    asleep = topology.scales_to_zero and load.rests
    return {
        "fixed": 1.0,
        "web": web,
        "web_active": active,
        # Workers scale by the length of their queue, to none where the whole site may rest.
        "worker": RESTING_WORKER if asleep else 1.0,
        "web_idle": 0.0 if asleep else max(0.0, web - share * active) / (1 - share),
        "web_memory": min(web, active) if asleep else web,
        "db": max(topology.db_minimum, DB_POWER[load.size] / DB_POWER[reference.size]),
        "cache": CACHE_POWER[load.size] / CACHE_POWER[reference.size],
        "db_disk": load.db_disk_gb / reference.db_disk_gb,
        "files": load.files_gb / reference.files_gb,
        "egress": load.egress_gb / reference.egress_gb,
        "requests": max(0.1, load.average_rps / reference.average_rps),
        "logs": load.logs_gb / reference.logs_gb,
    }


def _web(topology: Topology, load: Load) -> float:
    """Return the provisioned web processors against those of the reference bill."""
    if not topology.web_vcpu:
        return 1.0
    return max(topology.web_vcpu["minimum"], load.web_vcpu) / topology.web_vcpu["reference"]


def care_of(topology: Topology, size: str) -> tuple[str, str]:
    """Return the kind of care and the fact with its hours; a large site takes more."""
    if topology.care == "managed_ha" and size in ("large", "huge"):
        return "managed_large", "labour.cloud.large.hours_month"
    return topology.care, topology.labour
