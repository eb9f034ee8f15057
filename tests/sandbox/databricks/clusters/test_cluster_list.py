from __future__ import annotations

import base64
import json

import pytest

from sandbox.databricks.clusters.cluster_pages import OpenLists
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client


def names(client: Client, **query: str) -> list[str]:
    return [row["cluster_name"] for row in client.get("2.1/clusters/list", **query).body.get("clusters", ())]


def test_pages_cut_the_list_and_end_with_an_empty_token(workspace: Workspace, admin: Client) -> None:
    """B9: pages really cut, and the token ends as an empty one."""
    workspace.add_foreign_clusters(5)
    seen, token, pages = [], "", 0
    while pages == 0 or token:
        page = admin.get("2.1/clusters/list", page_size="2", **({"page_token": token} if token else {})).body
        seen += [row["cluster_id"] for row in page["clusters"]]
        token, pages = page["next_page_token"], pages + 1
    assert (pages, len(seen), len(set(seen))) == (3, 5, 5)


def test_cluster_made_between_two_pages_shifts_nothing(workspace: Workspace, admin: Client) -> None:
    workspace.add_foreign_clusters(4)
    first = admin.get("2.1/clusters/list", page_size="2").body
    admin.create()
    second = admin.get("2.1/clusters/list", page_size="2", page_token=first["next_page_token"]).body
    assert len({row["cluster_id"] for row in first["clusters"] + second["clusters"]}) == 4


@pytest.mark.parametrize("query", [{"page_token": "x"}, {"page_size": "-1"}])
def test_bad_page_is_refused(admin: Client, query: dict[str, str]) -> None:
    assert admin.get("2.1/clusters/list", **query).code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(("path", "query", "count"), [
    ("2.1/clusters/list", {}, 20), ("2.1/clusters/list", {"page_size": "500"}, 100), ("2.0/clusters/list", {}, 130),
    ("2.0/clusters/list", {"page_size": "30"}, 30),
])
def test_page_sizes_of_both_versions(
        workspace: Workspace, admin: Client, path: str, query: dict[str, str], count: int) -> None:
    workspace.add_foreign_clusters(130)
    assert len(admin.get(path, **query).body["clusters"]) == count


def test_filters_by_state_source_and_pin(workspace: Workspace, admin: Client) -> None:
    """B9: filters work."""
    workspace.add_foreign_clusters(1, name="stopped")
    workspace.add_foreign_clusters(1, name="running", state="RUNNING")
    pinned = admin.create(cluster_name="pinned")
    admin.post("2.1/clusters/pin", cluster_id=pinned)
    assert names(admin, **{"filter_by.cluster_states": "TERMINATED"}) == ["stopped"]
    assert names(admin, **{"filter_by.cluster_sources": "UI"}) == ["running", "stopped"]
    assert names(admin, **{"filter_by.is_pinned": "True"}) == ["pinned"]
    assert names(admin, **{"filter_by.policy_id": "none"}) == []


def test_repeated_filter_means_any_of_them(workspace: Workspace, admin: Client) -> None:
    workspace.add_foreign_clusters(1, name="running", state="RUNNING")
    workspace.add_foreign_clusters(1, name="stopped")
    reply = admin.ask("GET", "2.1/clusters/list", query={"filter_by.cluster_states": ["RUNNING", "TERMINATED"]})
    assert len(reply.body["clusters"]) == 2


def test_default_order_is_pinned_then_active_then_the_rest(workspace: Workspace, admin: Client) -> None:
    workspace.add_foreign_clusters(1, name="stopped")
    admin.create(cluster_name="active")
    admin.post("2.1/clusters/pin", cluster_id=workspace.add_foreign_clusters(1, name="pinned")[0])
    assert names(admin) == ["pinned", "active", "stopped"]


def test_pages_of_one_are_read_to_the_end_and_back(workspace: Workspace, admin: Client) -> None:
    """B9: pages can be read both ways, and each end has an empty token."""
    workspace.add_foreign_clusters(4)
    pages = [admin.get("2.1/clusters/list", page_size="1").body]
    while pages[-1]["next_page_token"]:
        pages.append(admin.get("2.1/clusters/list", page_size="1", page_token=pages[-1]["next_page_token"]).body)
    back = [pages[-1]]
    while back[-1]["prev_page_token"]:
        back.append(admin.get("2.1/clusters/list", page_size="1", page_token=back[-1]["prev_page_token"]).body)
    assert [page["clusters"] for page in back] == [page["clusters"] for page in reversed(pages)]
    assert ([len(page["clusters"]) for page in pages], len(back)) == ([1] * 4, 4)
    again = admin.get("2.1/clusters/list", page_size="1", page_token=back[-1]["next_page_token"]).body
    assert again["clusters"] == pages[1]["clusters"]


def test_cluster_that_starts_between_two_pages_is_told_once(workspace: Workspace, admin: Client) -> None:
    """B9: its place in the order changes, the list that is being read does not."""
    ids = workspace.add_foreign_clusters(4)
    first = admin.get("2.1/clusters/list", page_size="2").body
    for cluster_id in ids:
        admin.post("2.1/clusters/start", cluster_id=cluster_id)
    second = admin.get("2.1/clusters/list", page_size="2", page_token=first["next_page_token"]).body
    assert {row["cluster_id"] for row in first["clusters"] + second["clusters"]} == set(ids)


def test_cluster_that_goes_between_two_pages_is_left_out(workspace: Workspace, admin: Client) -> None:
    ids = workspace.add_foreign_clusters(4)
    first = admin.get("2.1/clusters/list", page_size="2").body
    admin.post("2.1/clusters/permanent-delete", cluster_id=ids[2])
    second = admin.get("2.1/clusters/list", page_size="2", page_token=first["next_page_token"]).body
    assert [row["cluster_id"] for row in second["clusters"]] == [ids[3]]


def test_filter_of_the_first_page_holds_for_the_next(workspace: Workspace, admin: Client) -> None:
    workspace.add_foreign_clusters(40)
    workspace.add_foreign_clusters(3, name="running-{number}", state="RUNNING")
    first = admin.get("2.1/clusters/list", page_size="2", **{"filter_by.cluster_states": "RUNNING"}).body
    rest = admin.get("2.1/clusters/list", page_size="2", page_token=first["next_page_token"]).body
    assert [row["cluster_name"] for row in rest["clusters"]] == ["running-2"]
    assert rest["next_page_token"] == ""


@pytest.mark.parametrize("query", [
    {}, {"sort_by.field": "CLUSTER_NAME"}, {"sort_by.direction": "DESC"},
    {"sort_by.field": "CLUSTER_NAME", "sort_by.direction": "DESC"}, {"filter_by.cluster_sources": "UI"}], ids=str)
def test_list_is_read_on_after_it_was_forgotten(workspace: Workspace, admin: Client, query: dict[str, str]) -> None:
    """B9: as after a restart, in both directions."""
    workspace.add_foreign_clusters(7)
    whole, token = names(admin, **query), ""
    for shown, way in ((0, "next"), (2, "next"), (4, "prev"), (2, "prev"), (0, "next")):
        page = admin.get("2.1/clusters/list", page_size="2", page_token=token, **query).body
        assert [row["cluster_name"] for row in page["clusters"]] == whole[shown:shown + 2]
        token = page[f"{way}_page_token"]
        workspace.state.open_lists = OpenLists()


@pytest.mark.parametrize("told", [
    "x", 5, None, {}, [], ["a", 1], ["a", 1, 2, 3], ["a", 1, [{}], False], ["a", "b", [], False], ["a", 1e400, [], 0],
    ["a", 1, [[1]], False]], ids=str)
def test_token_of_another_shape_is_refused(workspace: Workspace, admin: Client, told: object) -> None:
    workspace.add_foreign_clusters(1)
    token = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
    assert admin.get("2.1/clusters/list", page_token=token).code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("at", [-1, 0, 3, 99])
@pytest.mark.parametrize("backwards", [True, False])
def test_place_outside_of_the_list_breaks_nothing(
        workspace: Workspace, admin: Client, at: int, backwards: bool) -> None:
    workspace.add_foreign_clusters(3)
    token = admin.get("2.1/clusters/list", page_size="1").body["next_page_token"]
    listing, _, key, _ = json.loads(base64.urlsafe_b64decode(token))
    moved = base64.urlsafe_b64encode(json.dumps([listing, at, key, backwards]).encode()).decode()
    assert admin.get("2.1/clusters/list", page_token=moved).status == 200
