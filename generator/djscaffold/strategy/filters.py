"""The hard filters: named rules, one idea each, that take an option away in one sentence.

Each is asked about one option alone, so removing another option never changes its answer.
"""

from __future__ import annotations

from collections.abc import Callable

from djscaffold.profile import Profile
from djscaffold.profile.countries import EU_MEMBERS
from djscaffold.profile.model import CHOICES
from djscaffold.strategy.catalogue import read_data, read_programmes
from djscaffold.strategy.model import MONTHS, Option, Removal
from djscaffold.strategy.regions import serves_china
from djscaffold.strategy.rounding import rounded

Rule = Callable[[Profile, Option], str | None]

# The most a month may cost, in US dollars: the upper end of each answer.
BUDGET_USD = {
    "under_10": 10.0,
    "10_50": 50.0,
    "50_250": 250.0,
    "250_1000": 1000.0,
    "1000_5000": 5000.0,
    "over_5000": float("inf"),
}
# An estimate a quarter over the band is still inside its own error.
BUDGET_TOLERANCE = 1.25
CLOUD_NAMES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
_NAMES = {"US": "the United States", "CN": "China", "FR": "France"}
# Programmes whose evidence comes from the host, and which no rented-server firm in the facts holds.
_HOST_MUST_PROVE = (
    *("hipaa", "hds", "c5", "ens", "irap", "ismap", "mtcs", "cjis", "itar"),
    *("fedramp_moderate", "fedramp_high"),
)


def no_internet(profile: Profile, option: Option) -> str | None:
    """Say no to everything outside where there is no connection."""
    if profile.data_rule == "no_internet" and not option.topology.air_gapped:
        return "There is no connection to any provider: only machines on your own site can work."
    if profile.data_rule != "no_internet" and option.topology.air_gapped:
        return "Carrying every update in on media is only worth it where there is no internet."
    return None


def own_building(profile: Profile, option: Option) -> str | None:
    """Say no where data that may not leave the premises would leave them."""
    if not profile.is_at_least("data_rule", "own_building"):
        return None
    if option.family != "own" or option.topology.outside_the_building:
        return "The data may not leave your building."
    return None


def foreign_law(profile: Profile, option: Option) -> str | None:
    """Say no to operators under foreign law, wherever the machines stand."""
    if not profile.is_at_least("data_rule", "own_law_only") or option.topology.is_self_run:
        return None
    parent = _parent_country(option)
    if parent == (profile.country or None):
        return None
    return (
        f"The operator answers to the law of {_NAMES.get(parent, parent)} wherever the data is, "
        "and your data must stay out of reach of foreign law."
    )


def programmes(profile: Profile, option: Option) -> str | None:
    """Say no to a host that does not hold a programme: nothing could be inherited."""
    for rule in profile.rules:
        programme = read_programmes()[rule]
        status = programme[option.strategy]["status"]
        plain = programme["plain"]
        if option.topology.is_self_run:
            if rule in ("fedramp_moderate", "fedramp_high"):
                return (
                    f"{plain}: only an authorised cloud platform counts for a hosted system; "
                    "an own server room would need the agency's own authorisation instead."
                )
            if option.family == "rented" and rule in _HOST_MUST_PROVE:
                return f"{plain}: no rented-server firm in the facts is known to prove it."
        elif status == "no" or (status == "partner" and option.topology.partition != "s3ns"):
            return f"{plain}: {programme.get('hard_rule') or programme[option.strategy]['how']}."
    return None


def no_region(profile: Profile, option: Option) -> str | None:
    """Say no to a cloud without a lawful region."""
    if option.topology.is_self_run or option.region is not None:
        return None
    cloud = CLOUD_NAMES[option.strategy]
    if serves_china(profile):
        return f"{cloud} has no region in mainland China."
    where = profile.country or "the area you named"
    return f"{cloud} has no region in {where} that your data rule allows."


def sovereign_partition(profile: Profile, option: Option) -> str | None:
    """Say no to a cloud with its own account, prices and gaps to those outside its law."""
    if option.family != "aws-eusc" or profile.country in EU_MEMBERS:
        return None
    return "The European Sovereign Cloud is for organisations in the EU."


def china(profile: Profile, option: Option) -> str | None:
    """Say no to unlicensed hosts for a site in mainland China."""
    if serves_china(profile) and option.family == "rented":
        return "A site for mainland China needs a licensed host there and an ICP filing."
    return None


def hardware(profile: Profile, option: Option) -> str | None:
    """Say no to own machines that are not there and may not be bought."""
    if option.family != "own":
        return None
    needed = option.topology.requires
    if needed and profile.hosting_now != needed:
        return "It needs a server room with virtual machines that is there already."
    if profile.buy_hardware == "no" and option.bill.capex:
        return "It needs hardware that you do not own, and none may be bought."
    return None


def load(profile: Profile, option: Option) -> str | None:
    """Say no to what cannot carry the busiest moment."""
    sizes = CHOICES["size"]
    if sizes.index(profile.size) > sizes.index(option.topology.carries):
        return f"It cannot carry your busiest moment: {option.topology.what}."
    return None


def outage(profile: Profile, option: Option) -> str | None:
    """Ask for a second machine or zone where nothing may stop, a second site in danger."""
    answers = CHOICES["downtime"]
    if answers.index(profile.downtime) <= answers.index(option.topology.outage):
        return None
    if profile.downtime == "costly":
        return "An outage costs you money, and nothing promises that this is up."
    if profile.downtime == "dangerous":
        return "An outage is dangerous for you, and this cannot have a second site."
    return "An hour of outage is not acceptable, and this is one machine or one zone."


def workers(profile: Profile, option: Option) -> str | None:
    """Say no to a site that sleeps where jobs run or connections stay open."""
    if option.topology.care != "serverless":
        return None
    if profile.needs_any("background_jobs", "live_updates"):
        return "Background jobs and open connections need something that stays awake."
    return None


def gpu(profile: Profile, option: Option) -> str | None:
    """Say no where there is no GPU and one is needed."""
    if not profile.needs_any("ml_gpu"):
        return None
    if "fargate" in option.topology.id or option.topology.id == "aws-govcloud-ha":
        return "There is no GPU in Fargate."
    if option.family == "rented" or option.topology.id == "aws-vm-single":
        return "The rented servers in the facts have no GPU."
    return None


def budget(profile: Profile, option: Option) -> str | None:
    """Say no to cash a month beyond the band and its error; money up front is spread."""
    most = BUDGET_USD[profile.budget]
    if option.bill.spread_usd <= most * BUDGET_TOLERANCE:
        return None
    once = option.bill.upfront_usd
    upfront = f" ({rounded(once)} USD up front spread over {MONTHS} months)" if once else ""
    return (
        f"About {rounded(option.bill.spread_usd)} USD a month{upfront} is more than "
        f"the {most:,.0f} USD that may be spent, by over a quarter."
    )


# Law before physics before money: the first sentence found is the one shown.
RULES: tuple[tuple[str, Rule], ...] = (
    ("no_internet", no_internet),
    ("own_building", own_building),
    ("foreign_law", foreign_law),
    ("programmes", programmes),
    ("sovereign_partition", sovereign_partition),
    ("no_region", no_region),
    ("china", china),
    ("hardware", hardware),
    ("load", load),
    ("outage", outage),
    ("workers", workers),
    ("gpu", gpu),
    ("budget", budget),
)
# How far an option came before a rule took it away.
ORDER = {name: index for index, (name, _) in enumerate(RULES)}


def find_removal(profile: Profile, option: Option) -> Removal | None:
    """Return the first rule that takes *option* away, or None."""
    for name, rule in RULES:
        reason = rule(profile, option)
        if reason is not None:
            return Removal(rule=name, reason=reason)
    return None


def _parent_country(option: Option) -> str:
    """Return the country whose law binds the operator."""
    if option.partition == "s3ns":
        return "FR"
    if option.partition in ("aws-cn", "azure-china"):
        return "CN"
    return str(read_data("regions")["provider_jurisdiction"][option.strategy]["parent"])
