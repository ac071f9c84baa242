"""Read YAML, safely and as fast as it was built here."""

from __future__ import annotations

from typing import Any

import yaml

# In C where PyYAML was built with it: ten times as fast.
FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str | bytes) -> Any:
    """Return what the one document in *text* says. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=FastLoader)
