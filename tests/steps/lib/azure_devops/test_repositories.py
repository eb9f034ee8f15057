from __future__ import annotations

from collections.abc import Mapping

from sandbox.http.message import Response, json_response
from steps.lib.azure_devops.repositories import Repository, projects, refs, repositories, text, tree
from tests.steps.lib.azure_devops.service import Service, connected, in_turn

CHURN = Repository("r1", "churn", "p1", "analytics", "refs/heads/main", web_url="https://x.test/_git/churn")
ROW = {"id": "r1", "name": "churn", "project": {"id": "p1", "name": "analytics"}}


def rows(*values: Mapping[str, object], token: str = "") -> Response:
    return json_response({"count": len(values), "value": list(values)}, headers={"x-ms-continuationtoken": token})


def ref(name: str) -> dict[str, object]:
    return {"name": name, "objectId": name[-1] * 40}


def test_refs_come_from_all_pages() -> None:
    service = Service(in_turn(rows(ref("refs/heads/a"), token="more"), rows(ref("refs/heads/b"))))
    with connected(service) as devops:
        assert list(refs(devops, CHURN, "refs/heads/")) == ["refs/heads/a", "refs/heads/b"]
    assert [one.query.get("continuationToken") for one in service.calls] == [None, ["more"]]


def test_refs_are_filtered_by_the_whole_beginning_of_their_name() -> None:
    service = Service(in_turn(rows(ref("refs/heads/a&b#c"), ref("refs/heads/A&B"))))
    with connected(service) as devops:
        assert list(refs(devops, CHURN, "refs/heads/a&b#c")) == ["refs/heads/a&b#c"]
    assert service.calls[0].query["filter"] == ["heads/a&b#c"]


def test_an_empty_repository_has_no_default_branch() -> None:
    service = Service(in_turn(rows(ROW, {**ROW, "isDisabled": True})))
    with connected(service) as devops:
        first, second = repositories(devops, "analytics")
    assert (first.default_branch, first.disabled, second.disabled) == ("", False, True)


def test_projects_are_asked_for_more_than_the_first_hundred() -> None:
    service = Service(in_turn(rows({"name": "a", "id": "1"}, token="100"), rows({"name": "b", "id": "2"})))
    with connected(service) as devops:
        assert projects(devops) == {"a": "1", "b": "2"}


def test_a_tree_has_no_root_and_no_slashes_in_front() -> None:
    items: list[Mapping[str, object]] = [
        {"path": "/", "objectId": "0", "isFolder": True}, {"path": "/a", "objectId": "1", "isFolder": True},
        {"path": "/a/b.txt", "objectId": "2"}]
    service = Service(in_turn(rows(*items)))
    with connected(service) as devops:
        found = tree(devops, CHURN, "c0ffee")
    assert {path: entry.is_folder for path, entry in found.items()} == {"a": True, "a/b.txt": False}
    assert service.calls[0].query["versionDescriptor.version"] == ["c0ffee"]


def test_a_file_of_an_odd_name_is_asked_for_by_exactly_that_name() -> None:
    service = Service(in_turn(json_response({"content": "x"})))
    with connected(service) as devops:
        assert text(devops, CHURN, "c0ffee", "a&b#c/ü %.yml") == "x"
    assert service.calls[0].query["path"] == ["/a&b#c/ü %.yml"]
