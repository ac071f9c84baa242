"""Which area of the users question a country belongs to, and how countries are called."""

from __future__ import annotations


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


EU_MEMBERS = _codes(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE "
)
# The European Economic Area shares the data protection law of the Union.
EEA_MEMBERS = EU_MEMBERS | {"NO", "IS", "LI"}
_LATAM = _codes(
    "AR BO BR CL CO CR CU DO EC SV GT HN MX NI PA PY PE PR UY VE JM TT HT BS BB BZ GY SR "
)
_MIDDLE_EAST = _codes("AE BH IL IQ IR JO KW LB OM PS QA SA SY YE TR EG ")
_AFRICA = _codes(
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML "
    "MR MU MW MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW "
)
# Neighbours outside the EEA: near for a packet, another law.
_EUROPE = _codes("AL AD AM AZ BA BY GE MC MD ME MK RS RU SM UA VA XK FO GI ")
_AREA = (
    dict.fromkeys(EEA_MEMBERS, "eu")
    | dict.fromkeys(_EUROPE, "eu")
    | dict.fromkeys(_LATAM, "latam")
    | dict.fromkeys(_MIDDLE_EAST, "me")
    | dict.fromkeys(_AFRICA, "africa")
    | {"GB": "uk", "GG": "uk", "JE": "uk", "IM": "uk", "CH": "ch", "US": "us", "CA": "ca"}
    | {"IN": "in", "CN": "cn"}
)


def area_of(country: str) -> str:
    """Return the area whose regions are nearest to *country*: ``eu`` for ``PL``."""
    return _AREA.get(country, "apac")


def shares_law(country: str, other: str) -> bool:
    """Return whether data of *country* may lie in *other* without leaving its law."""
    return country == other or (country in EEA_MEMBERS and other in EEA_MEMBERS)
