from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.policies.conftest import MakePolicy

ANY = {"x": {"type": "unlimited", "isOptional": True}}


def names(client: Client, **query: str) -> list[str]:
    return [row["name"] for row in client.get("2.0/policies/clusters/list", **query).body["policies"]]


def test_policy_is_read_back_as_it_was_made(admin: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(ANY, description="d", max_clusters_per_user=3, libraries=[{"pypi": {"package": "a"}}])
    body = admin.get("2.0/policies/clusters/get", policy_id=policy_id).body
    assert (body.pop("created_at_timestamp") > 0, body) == (True, {
        "policy_id": policy_id, "name": "ours", "definition": json.dumps(ANY), "description": "d",
        "max_clusters_per_user": 3, "libraries": [{"pypi": {"package": "a"}}], "is_default": False,
        "creator_user_name": "admin@example.test"})


def test_edit_replaces_the_whole_policy(admin: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(ANY, description="d")
    assert admin.post("2.0/policies/clusters/edit", policy_id=policy_id, name="new", definition="{}").body == {}
    body = admin.get("2.0/policies/clusters/get", policy_id=policy_id).body
    assert (body["name"], body["definition"], "description" in body) == ("new", "{}", False)


def test_list_tells_how_many_there_are(admin: Client, stranger: Client, make_policy: MakePolicy) -> None:
    before = admin.get("2.0/policies/clusters/list").body["total_count"]
    make_policy(ANY)
    assert admin.get("2.0/policies/clusters/list").body["total_count"] == before + 1
    assert stranger.get("2.0/policies/clusters/list").body == {"policies": [], "total_count": 0}


def test_deleted_policy_is_gone(admin: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(ANY)
    assert admin.post("2.0/policies/clusters/delete", policy_id=policy_id).body == {}
    reply = admin.get("2.0/policies/clusters/get", policy_id=policy_id)
    assert (reply.status, reply.code, policy_id in reply.message) == (404, "RESOURCE_DOES_NOT_EXIST", True)


@pytest.mark.parametrize(("fields", "problem"), [
    ({"definition": "{}"}, "name must have between 1 and 100 characters"),
    ({"name": "n" * 101, "definition": "{}"}, "name must have between 1 and 100 characters, got 101"),
    ({"name": "ours", "definition": "{}"}, "must be unique"), ({"name": "a"}, "Missing required field: definition"),
    ({"name": "a", "definition": "{}", "policy_family_id": "job-cluster"}, "cannot be used with policy_family_id"),
    ({"name": "a", "definition": "{}", "policy_family_definition_overrides": "{}"}, "needs a policy_family_id"),
    ({"name": "a", "definition": "{}", "max_clusters_per_user": 0}, "must be greater than 0"),
    ({"name": "a", "definition": "{}", "libraries": [{"jar": "x"}] * 501}, "at most 500"),
])
def test_bad_policy_is_refused_by_name(admin: Client, make_policy: MakePolicy, fields: dict[str, Any],
                                       problem: str) -> None:
    make_policy(ANY)
    reply = admin.post("2.0/policies/clusters/create", **fields)
    assert (reply.status, reply.code, problem in reply.message) == (400, "INVALID_PARAMETER_VALUE", True), reply


def test_policy_may_keep_its_own_name(admin: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(ANY)
    assert admin.post("2.0/policies/clusters/edit", policy_id=policy_id, name="ours", definition="{}").status == 200


@pytest.mark.parametrize(("fields", "problem"), [
    ({"name": "other"}, "other"), ({"name": "n" * 101}, "100"),
    ({"max_clusters_per_user": 0}, "max_clusters_per_user")])
def test_policy_is_not_edited_into_what_could_not_be_made(
        admin: Client, make_policy: MakePolicy, fields: dict[str, Any], problem: str) -> None:
    policy_id = make_policy(ANY)
    make_policy(ANY, name="other")
    reply = admin.post("2.0/policies/clusters/edit", policy_id=policy_id, **{"name": "a", "definition": "{}", **fields})
    assert (reply.status, reply.code, problem in reply.message) == (400, "INVALID_PARAMETER_VALUE", True), reply
    assert admin.get("2.0/policies/clusters/get", policy_id=policy_id).body["name"] == "ours"


@pytest.mark.parametrize("definition", ["[]", "{", '{"a": {"type": "frozen"}}'])
def test_malformed_definition_is_taken_as_it_is(admin: Client, make_policy: MakePolicy, definition: str) -> None:
    """B14: a malformed definition fails at use, not at create."""
    body = admin.get("2.0/policies/clusters/get", policy_id=make_policy(definition)).body
    assert body["definition"] == definition


@pytest.mark.parametrize("path", ["create", "edit", "delete"])
def test_only_admins_change_policies(owner: Client, make_policy: MakePolicy, path: str) -> None:
    policy_id = make_policy(ANY, user="owner@example.test")
    reply = owner.post(f"2.0/policies/clusters/{path}", policy_id=policy_id, name="a", definition="{}")
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


def test_list_shows_what_the_caller_may_use(admin: Client, owner: Client, make_policy: MakePolicy) -> None:
    make_policy(ANY, name="b", user="owner@example.test")
    make_policy(ANY, name="c")
    assert names(owner) == ["b"]
    assert {"b", "c", "Personal Compute"} < set(names(admin))


def test_list_is_sorted_as_asked(admin: Client) -> None:
    ascending = names(admin, sort_column="POLICY_NAME", sort_order="ASC")
    assert ascending == sorted(ascending)
    assert names(admin, sort_column="POLICY_NAME") == ascending[::-1]


def test_list_begins_with_the_newest(admin: Client, make_policy: MakePolicy, clock: FakeClock) -> None:
    for name in ("b", "a", "c"):
        clock.advance(1)
        make_policy(ANY, name=name)
    assert names(admin)[:3] == ["c", "a", "b"]
    assert names(admin, sort_column="POLICY_CREATION_TIME", sort_order="ASC")[-3:] == ["b", "a", "c"]


def test_policy_that_may_not_be_used_cannot_be_read(owner: Client, make_policy: MakePolicy) -> None:
    reply = owner.get("2.0/policies/clusters/get", policy_id=make_policy(ANY))
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


def test_default_policy_stays(admin: Client) -> None:
    default = next(row for row in admin.get("2.0/policies/clusters/list").body["policies"] if row["is_default"])
    assert default["policy_family_id"] in {row["policy_family_id"] for row in admin.get(
        "2.0/policy-families").body["policy_families"]}
    reply = admin.post("2.0/policies/clusters/delete", policy_id=default["policy_id"])
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert admin.get("2.0/policies/clusters/get", policy_id=default["policy_id"]).status == 200


def test_policy_of_a_family_inherits_its_rules(admin: Client) -> None:
    overrides = json.dumps({"cluster_type": {"type": "forbidden"}, "new": {"type": "unlimited"}})
    policy_id = admin.post("2.0/policies/clusters/create", name="a", policy_family_id="job-cluster",
                           policy_family_definition_overrides=overrides).body["policy_id"]
    rules = json.loads(admin.get("2.0/policies/clusters/get", policy_id=policy_id).body["definition"])
    assert (rules["cluster_type"], rules["new"]) == ({"type": "forbidden"}, {"type": "unlimited"})
    assert rules["spark_version"]["type"] == "unlimited"


def test_families_are_listed_in_pages(admin: Client) -> None:
    first = admin.get("2.0/policy-families", max_results="3").body
    rest = admin.get("2.0/policy-families", max_results="3", page_token=first["next_page_token"]).body
    ids = [row["policy_family_id"] for row in first["policy_families"] + rest["policy_families"]]
    assert (len(ids), len(set(ids)), "next_page_token" in rest) == (4, 4, False)


def test_one_family_is_read_by_its_id(admin: Client) -> None:
    assert json.loads(admin.get("2.0/policy-families/personal-vm").body["definition"])["num_workers"]["value"] == 0
    assert admin.get("2.0/policy-families/nothing").code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("query", [{"max_results": "-1"}, {"page_token": "x"}, {"page_token": "9" * 12}])
def test_bad_page_of_families_is_refused(admin: Client, query: dict[str, str]) -> None:
    assert admin.get("2.0/policy-families", **query).code == "INVALID_PARAMETER_VALUE"
