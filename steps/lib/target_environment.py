"""The closed set of environments a thing can be deployed to."""
from __future__ import annotations

from enum import Enum


class TargetEnvironment(str, Enum):
    LOCAL = "local"
    DEV = "dev"
    TEST = "test"
    PROD = "prod"
