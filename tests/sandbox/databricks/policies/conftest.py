"""Policies made by the admin and granted to whom a test names."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client

MakePolicy = Callable[..., str]


@pytest.fixture
def make_policy(admin: Client) -> MakePolicy:
    """The id of a new policy of these rules, which `user` may use."""
    def make(rules: dict[str, Any] | str, *, user: str = "", name: str = "ours", **fields: Any) -> str:
        definition = rules if isinstance(rules, str) else json.dumps(rules)
        reply = admin.post("2.0/policies/clusters/create", name=name, definition=definition, **fields)
        assert reply.status == 200, reply
        if user:
            granted = admin.ask("PATCH", f"2.0/permissions/cluster-policies/{reply.body['policy_id']}", {
                "access_control_list": [{"user_name": user, "permission_level": "CAN_USE"}]})
            assert granted.status == 200, granted
        return str(reply.body["policy_id"])

    return make
