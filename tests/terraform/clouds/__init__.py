"""The three clouds as the tests see them: every way to answer, and what follows from it."""

from __future__ import annotations

from clouds import aws, azure, gcp
from clouds.model import Cloud

CLOUDS: tuple[Cloud, ...] = (aws.CLOUD, azure.CLOUD, gcp.CLOUD)
