"""The people of the story that the sandbox tells."""
from __future__ import annotations

from sandbox.pipelines.request import Identity

ANNA = Identity("Anna Berg", "anna@example.com")
BEN = Identity("Ben Okafor", "ben@example.com")
PLATFORM = Identity("Platform Team", "platform@example.com")
EVERYONE = (ANNA, BEN, PLATFORM)
GROUPS = {"churn-team": (ANNA, BEN)}
SETUP_PRINCIPAL = "aaaaaaaa-0000-0000-0000-000000000005"
"""Application id of the service principal that sets product repositories up."""
