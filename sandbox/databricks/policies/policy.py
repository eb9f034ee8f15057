"""One cluster policy."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.policies.definition import MalformedDefinitionError, Rule, read_rules
from sandbox.databricks.policies.errors import malformed_definition
from sandbox.databricks.policies.families import inherited_definition


@dataclass
class Policy:
    """`settings` are the fields of the request that made or changed it; `created_at` in seconds since 1970."""

    policy_id: str
    creator: str
    created_at: float
    settings: dict[str, Any] = field(default_factory=dict)
    is_default: bool = False

    @property
    def name(self) -> str:
        return str(self.settings["name"])

    @property
    def definition(self) -> str:
        """Its own, or what it inherits from its family with its overrides."""
        family_id = self.settings.get("policy_family_id")
        if not family_id:
            return str(self.settings.get("definition", ""))
        return inherited_definition(family_id, self.settings.get("policy_family_definition_overrides", ""))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """A malformed definition is refused here, by whoever uses the policy, not by who wrote it."""
        try:
            return read_rules(self.definition)
        except MalformedDefinitionError as error:
            raise malformed_definition(self.policy_id, str(error)) from error

    def as_json(self) -> dict[str, Any]:
        return {"policy_id": self.policy_id, **self.settings, "definition": self.definition,
                "created_at_timestamp": int(self.created_at * 1000), "is_default": self.is_default}
