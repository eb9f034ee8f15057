from __future__ import annotations

import pytest

from tests.sandbox.databricks.conftest import Client


@pytest.mark.parametrize(("path", "name"), [
    ("2.0/instance-profiles/list", "instance_profiles"), ("2.0/pipelines", "statuses"),
    ("2.0/pipelines/", "statuses"), ("2.0/sql/warehouses", "warehouses"),
])
def test_what_a_workspace_has_none_of_is_an_empty_list(stranger: Client, path: str, name: str) -> None:
    reply = stranger.get(path)
    assert (reply.status, reply.body) == (200, {name: []})


def test_pipelines_are_filtered_like_any(admin: Client) -> None:
    """H: dbx looks for a pipeline by its name."""
    assert admin.get("2.0/pipelines/", filter="name like 'x'").body == {"statuses": []}


@pytest.mark.parametrize("path", ["2.0/pipelines/p1", "2.0/sql/warehouses/w1", "2.0/instance-profiles/add"])
def test_nothing_else_of_them_is_there(admin: Client, path: str) -> None:
    assert admin.get(path).code == "ENDPOINT_NOT_FOUND"
