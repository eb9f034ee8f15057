"""The cluster policies of a workspace, by id and by name."""
from __future__ import annotations

import secrets
from typing import Any

from sandbox.clock import Clock
from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.memory import Memory
from sandbox.databricks.permissions.access import KINDS, Access
from sandbox.databricks.policies.errors import default_stays, name_taken, no_policy
from sandbox.databricks.policies.families import families, family
from sandbox.databricks.policies.policy import Policy

POLICIES = KINDS["cluster-policies"]
_LIBRARY_LIMIT = 500


class Policies:
    """Every workspace begins with a policy of each family, which stays."""

    def __init__(self, memory: Memory, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        self._policies = memory.collection("policy", Policy)
        self._by_name = self._policies.index(lambda policy: [policy.name])
        if not self._policies:
            for row in families().values():
                self._add({"name": row.name, "policy_family_id": row.policy_family_id}, None)

    def all(self) -> list[Policy]:
        return list(self._policies.values())

    def find(self, policy_id: str) -> Policy | None:
        return self._policies.get(policy_id)

    def policy(self, policy_id: str) -> Policy:
        found = self.find(policy_id)
        if found is None:
            raise no_policy(policy_id)
        return found

    def may_use(self, policy_id: str, caller: Principal) -> bool:
        return self._access.level(POLICIES, policy_id, caller) >= 0

    def create(self, settings: dict[str, Any], creator: Principal) -> Policy:
        self._check(settings, "")
        return self._add(settings, creator)

    def edit(self, policy_id: str, settings: dict[str, Any]) -> None:
        """Replaces all that a request can say."""
        policy = self.policy(policy_id)
        self._check(settings, policy_id)
        policy.settings = settings
        self._policies.changed(policy_id)

    def delete(self, policy_id: str) -> None:
        policy = self.policy(policy_id)
        if policy.is_default:
            raise default_stays(policy.name)
        del self._policies[policy_id]
        self._access.remove_object(POLICIES, policy_id)

    def _add(self, settings: dict[str, Any], creator: Principal | None) -> Policy:
        policy = Policy(secrets.token_hex(8).upper(), creator.name if creator else "", self._clock.now(), settings,
                        is_default=creator is None)
        self._policies[policy.policy_id] = policy
        self._access.add_object(POLICIES, policy.policy_id, creator)
        return policy

    def _check(self, settings: dict[str, Any], policy_id: str) -> None:
        name = settings.get("name", "")
        if not 1 <= len(name) <= 100:
            refuse(f"name must have between 1 and 100 characters, got {len(name)}")
        if any(other.policy_id != policy_id for other in self._by_name.of(name)):
            raise name_taken(name)
        _check_definition(settings)
        if settings.get("max_clusters_per_user", 1) <= 0:
            refuse("max_clusters_per_user must be greater than 0")
        if len(settings.get("libraries", ())) > _LIBRARY_LIMIT:
            refuse(f"libraries: at most {_LIBRARY_LIMIT} are allowed, got {len(settings['libraries'])}")


def _check_definition(settings: dict[str, Any]) -> None:
    """What a definition says is looked at when it is used: https://github.com/databricks/cli/pull/6492."""
    family_id = settings.get("policy_family_id")
    if family_id and "definition" in settings:
        refuse("definition cannot be used with policy_family_id; use policy_family_definition_overrides instead")
    if family_id:
        family(family_id)
    elif "definition" not in settings:
        refuse_missing("definition")
    elif "policy_family_definition_overrides" in settings:
        refuse("policy_family_definition_overrides needs a policy_family_id")
