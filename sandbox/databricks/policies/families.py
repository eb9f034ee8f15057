"""Policy families: the definitions that Databricks keeps and policies inherit from."""
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.databricks.policies.errors import no_family

_FILE = Path(__file__).parent.parent / "data" / "policy_families.json"


@dataclass(frozen=True)
class PolicyFamily:
    policy_family_id: str
    name: str
    description: str
    rules: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"policy_family_id": self.policy_family_id, "name": self.name, "description": self.description,
                "definition": json.dumps(self.rules)}


@cache
def families() -> dict[str, PolicyFamily]:
    rows = json.loads(_FILE.read_text("utf-8"))["families"]
    return {row["policy_family_id"]: PolicyFamily(**row) for row in rows}


def family(family_id: str) -> PolicyFamily:
    found = families().get(family_id)
    if found is None:
        raise no_family(family_id)
    return found


def inherited_definition(family_id: str, overrides: str) -> str:
    """The family's rules with those of `overrides` over them; malformed overrides alone, so that their use fails."""
    if not overrides.strip():
        return json.dumps(family(family_id).rules)
    try:
        changed = json.loads(overrides)
    except (ValueError, RecursionError):
        return overrides
    return json.dumps({**family(family_id).rules, **changed}) if isinstance(changed, dict) else overrides
