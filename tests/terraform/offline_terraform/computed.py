"""Believable values for what a real provider decides: ids, ARNs, endpoints.

They depend on the configuration and the provider's region alone, so that a second apply finds
nothing to do.
"""

from __future__ import annotations

import hashlib
from string import Template
from typing import Any

from offline_terraform.policies import policy_document
from offline_terraform.values import UNKNOWN

#: Written in computed.json for a part that is not known in a plan.
AFTER_APPLY = "(known after apply)"
NAMES = ("name", "bucket", "family", "identifier", "secret_id", "account_id", "statement_id")


#: How a region begins -> its partition, and how its addresses end (botocore's partitions.json).
_PARTITIONS = {
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}


def place(region: str) -> dict[str, str]:
    """Return what presets may name of an AWS region: ``$provider_region`` and so on."""
    known = [found for start, found in _PARTITIONS.items() if region.startswith(start)]
    partition, suffix = (known or [("aws", "amazonaws.com")])[0]
    return {
        "provider_region": region,
        "provider_partition": partition,
        "provider_dns_suffix": suffix,
    }


def computed_value(
    presets: dict[str, Any],
    type_name: str,
    config: dict[str, Any],
    path: tuple[str, ...],
    kind: Any,
) -> Any:
    """Return the value of one attribute: the preset of computed.json, or one made up.

    *config* is what is configured, and what ``place`` returns.
    """
    if (type_name, path) == ("aws_iam_policy_document", ("json",)):
        return policy_document(config)
    preset = presets.get(type_name, {}).get(".".join(path))
    if preset is not None:
        return fill_in(preset, config)
    label = _label(type_name, config)
    where = (
        f"{config['provider_partition']}:{type_name.partition('_')[2]}:{config['provider_region']}"
    )
    arn = f"arn:{where}:123456789012:{label}"
    return _made_up(type_name, label, arn, path[-1], kind)


def fill_in(preset: Any, config: dict[str, Any]) -> Any:
    """Return a preset with ``$attribute`` replaced by what is configured.

    ``{"for_each": [attributes], "item": preset}`` is a list: one item for each value, ``$each``.
    """
    match preset:
        case {"for_each": attributes, "item": item}:
            names = [name for attribute in attributes for name in _as_list(config.get(attribute))]
            return [fill_in(item, {**config, "each": name}) for name in dict.fromkeys(names)]
        case dict():
            return {key: fill_in(part, config) for key, part in preset.items()}
        case list():
            return [fill_in(part, config) for part in preset]
        case str() if preset == AFTER_APPLY:
            return UNKNOWN
        case str():
            texts = {name: value for name, value in config.items() if isinstance(value, str)}
            return Template(preset).safe_substitute(texts)
        case _:
            return preset


def _as_list(value: Any) -> list[str]:
    """Return the known texts of one attribute, whether it holds one or several."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _made_up(type_name: str, label: str, arn: str, attribute: str, kind: Any) -> Any:
    match kind:
        case "string":
            return _text(type_name, label, arn, attribute)
        case "number":
            return 1
        case "bool":
            return False
        case ["object", dict() as parts]:
            return {
                name: _made_up(type_name, label, arn, name, part) for name, part in parts.items()
            }
        case ["list" | "set", part]:
            return [_made_up(type_name, label, arn, attribute, part)]
        case ["map", _]:
            return {}
        case _:
            return None


def _text(type_name: str, label: str, arn: str, attribute: str) -> str:
    provider, _, kind = type_name.partition("_")
    if provider == "aws" and attribute.endswith("arn"):
        return arn
    if provider == "azurerm" and attribute == "id":
        return f"/subscriptions/00000000-0000-0000-0000-000000000000/{kind}/{label}"
    return f"{attribute.replace('_', '-')}-{label}"


def _label(type_name: str, config: dict[str, Any]) -> str:
    for name in NAMES:
        if isinstance(config.get(name), str):
            return str(config[name])
    own = {name: value for name, value in config.items() if not name.startswith("provider_")}
    text = f"{type_name}{sorted(own.items(), key=str)}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
