"""Pools made by the admin and granted to whom a test names."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client

MakePool = Callable[..., str]
POOL = {"instance_pool_name": "pool", "node_type_id": "Standard_DS4_v2"}


@pytest.fixture
def make_pool(admin: Client) -> MakePool:
    """The id of a new pool, on which `user` has `level`."""
    def make(*, user: str = "", level: str = "CAN_ATTACH_TO", **fields: Any) -> str:
        reply = admin.post("2.0/instance-pools/create", **{**POOL, **fields})
        assert reply.status == 200, reply
        pool_id = str(reply.body["instance_pool_id"])
        if user:
            admin.ask("PATCH", f"2.0/permissions/instance-pools/{pool_id}", {
                "access_control_list": [{"user_name": user, "permission_level": level}]})
        return pool_id

    return make
