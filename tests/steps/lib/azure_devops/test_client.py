"""One test for each trap of the package, against a live server that records what was really sent."""
from __future__ import annotations

import threading

import pytest

from sandbox.http.message import Request, Response, json_response
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.client import escaped
from tests.steps.lib.azure_devops.service import LOCATIONS, PIPELINES, PROJECTS, Service, connected, in_turn

CHECKS = next(one["id"] for one in LOCATIONS if one["routeTemplate"].endswith("checks/{resource}/{id}"))


def test_path_and_repository_of_a_pipeline_are_sent() -> None:
    body = {"name": "n", "folder": "\\x", "configuration": {
        "type": "yaml", "path": "/x.yml", "repository": {"id": "r", "type": "azureReposGit"}}}
    service = Service(in_turn(json_response({"id": 47})))
    with connected(service) as devops:
        assert devops.send("POST", PIPELINES, route={"project": "P"}, body=body) == {"id": 47}
    assert service.body == body


def test_settings_of_a_check_are_sent() -> None:
    body = {"type": {"id": "8c6f20a7-a545-4486-9777-f762fafe0d4d"}, "settings": {"approvers": [{"id": "x"}]},
            "resource": {"type": "environment", "id": "12"}, "timeout": 43200}
    service = Service(in_turn(json_response({"id": 1})))
    with connected(service) as devops:
        devops.send("POST", CHECKS, route={"project": "P"}, body=body)
    assert service.body == body


def test_template_parameters_keep_their_types() -> None:
    service = Service(in_turn(json_response({"id": 1})))
    with connected(service) as devops:
        devops.send("POST", PIPELINES, route={"project": "P"}, body={"templateParameters": {"a": True, "b": 3}})
    assert service.body["templateParameters"] == {"a": True, "b": 3}


def three_pages(request: Request) -> Response:
    token = request.parameter("continuationToken")
    following = {None: "a b&c=d#é", "a b&c=d#é": "2025-01-01T00:00:00+01:00"}.get(token)
    more = {"x-ms-continuationtoken": following} if following else {}
    return json_response({"value": [{"page": token}]}, headers=more)


def test_rows_of_every_page_come_and_the_filters_go_with_each() -> None:
    service = Service(three_pages)
    with connected(service) as devops:
        pages = [row["page"] for row in devops.pages(PROJECTS, query={"stateFilter": "all", "$top": 1})]
    assert pages == [None, "a b&c=d#é", "2025-01-01T00:00:00+01:00"]
    assert [one.query["stateFilter"] for one in service.calls] == [["all"]] * 3


def test_a_token_that_comes_twice_is_an_error() -> None:
    service = Service(in_turn(json_response({"value": []}, headers={"x-ms-continuationtoken": "same"})))
    with connected(service) as devops, pytest.raises(errors.NotAzureDevOps, match="'same' came twice"):
        list(devops.pages(PROJECTS))
    assert len(service.calls) == 2


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_list_without_tokens_is_read_window_by_window(count: int) -> None:
    def two_at_once(request: Request) -> Response:
        skip, top = (int(request.parameter(name) or 0) for name in ("$skip", "$top"))
        return json_response({"value": [{"number": number} for number in range(count)][skip:skip + top]})

    with connected(Service(two_at_once)) as devops:
        assert [row["number"] for row in devops.windows(PROJECTS, size=2)] == list(range(count))


@pytest.mark.parametrize(("reply", "rows"), [
    pytest.param({"count": 0}, [], id="no value"), pytest.param({"value": None}, [], id="null"),
    pytest.param([{"id": 1}], [{"id": 1}], id="root array"),
])
def test_a_list_without_its_envelope_is_read(reply: object, rows: list[object]) -> None:
    with connected(Service(in_turn(json_response(reply)))) as devops:
        assert list(devops.pages(PROJECTS)) == rows


@pytest.mark.parametrize("reply", [Response(200), Response(204), Response(304), json_response({}),
                                   json_response(None), Response(200, b"[" * 100_000)],
                         ids=["nothing", "204", "304", "empty", "null", "without end"])
def test_nothing_at_all_is_no_empty_list(reply: Response) -> None:
    """What seems to be missing would be made again."""
    with connected(Service(in_turn(reply))) as devops, pytest.raises(errors.NotAzureDevOps):
        list(devops.pages(PROJECTS))


@pytest.mark.parametrize("reply", [[], [1], "text", 3])
def test_one_thing_that_is_no_object_is_an_error(reply: object) -> None:
    with connected(Service(in_turn(json_response(reply)))) as devops, pytest.raises(errors.NotAzureDevOps):
        devops.send("GET", PROJECTS)


@pytest.mark.parametrize("table", [b"{}", b"[" * 100_000, b'"x"', b'{"value": "x"}', b'{"value": [1]}'],
                         ids=["empty", "without end", "text", "no list", "no rows"])
def test_a_table_of_locations_of_another_shape_is_an_error(table: bytes) -> None:
    service = Service(table=Response(200, table, {"Content-Type": "application/json"}))
    with connected(service) as devops, pytest.raises(errors.NotAzureDevOps):
        devops.send("GET", PROJECTS)


@pytest.mark.parametrize("reply", [{"value": "x"}, {"value": [1]}, "text", 3])
def test_rows_of_another_shape_are_an_error(reply: object) -> None:
    with connected(Service(in_turn(json_response(reply)))) as devops, pytest.raises(errors.NotAzureDevOps):
        list(devops.pages(PROJECTS))


@pytest.mark.parametrize("name", ["refs/heads/a&b#c", "refs/heads/50%", "refs/heads/ü+ö", "refs/heads/a b"])
def test_an_escaped_name_arrives_whole_where_the_package_does_not_escape(name: str) -> None:
    from azure.devops.v7_1.git.models import GitPullRequestSearchCriteria  # type: ignore[import-untyped]
    service = Service()
    with connected(service) as devops:
        wanted = GitPullRequestSearchCriteria(source_ref_name=escaped(name))
        devops.call(devops.client("git").get_pull_requests, "r", wanted, project="P", repeatable=True)
    assert service.calls[-1].query["searchCriteria.sourceRefName"] == [name]


def test_what_is_sent_to_a_route_and_in_a_query_is_escaped() -> None:
    service = Service()
    with connected(service) as devops:
        devops.send("GET", PROJECTS, route={"projectId": "a/b {x}?ü"},
                    query={"$top": 3, "no": None, "b": True, "l": [1, 2]})
    assert service.calls[-1].raw_target == "/Org/_apis/projects/a%2Fb%20%7Bx%7D%3F%C3%BC?$top=3&b=true&l=1%2C2"


@pytest.mark.parametrize(("released", "sent"), [("0.0", "7.1-preview.4"), ("7.1", "7.1"), ("7.0", "7.1-preview.4")])
def test_a_preview_is_asked_for_where_there_is_nothing_else(released: str, sent: str) -> None:
    known = [{**one, "releasedVersion": released} for one in LOCATIONS if one["id"] == PROJECTS]
    service = Service(locations=known)
    with connected(service) as devops:
        devops.send("GET", PROJECTS)
    assert service.calls[-1].headers["Accept"] == f"application/json;api-version={sent}"


def test_an_api_that_is_not_offered_is_named() -> None:
    with connected(Service(locations=[])) as devops, pytest.raises(errors.NotOffered, match=PROJECTS):
        devops.send("GET", PROJECTS)


def test_an_api_of_the_package_that_is_not_offered_is_an_error_of_ours() -> None:
    with connected(Service(locations=[])) as devops, pytest.raises(errors.AzureDevOpsError, match="not registered"):
        devops.call(devops.client("core").get_projects, repeatable=True)


@pytest.mark.parametrize("reply", [
    pytest.param(Response(200, b"{nope", {"Content-Type": "application/json"}), id="no JSON"),
    pytest.param(Response(200, b"hello", {"Content-Type": "text/plain"}), id="text"),
    pytest.param(json_response([1]), id="root array"),
    pytest.param(json_response({"value": [{"lastUpdateTime": "garbage"}]}), id="no time"),
    pytest.param(Response(200), id="empty"),
])
def test_a_reply_that_the_package_cannot_read_is_an_error_of_ours(reply: Response) -> None:
    with connected(Service(in_turn(reply))) as devops, pytest.raises(errors.NotAzureDevOps):
        devops.call(devops.client("core").get_projects, repeatable=True)


def test_nothing_answered_is_empty() -> None:
    with connected(Service(in_turn(Response(204)))) as devops:
        assert devops.send("DELETE", PROJECTS, route={"projectId": "x"}) == {}


def test_content_comes_as_bytes_whatever_it_is() -> None:
    reply = Response(200, b"\x00<html>", {"Content-Type": "application/octet-stream"})
    with connected(Service(in_turn(reply))) as devops:
        chunks = devops.call(devops.client("git").get_item_content, "r", "/a", project="P", repeatable=True)
        assert b"".join(chunks) == b"\x00<html>"


def test_threads_share_one_discovery() -> None:
    service = Service()
    with connected(service) as devops:
        threads = [threading.Thread(target=lambda: list(devops.pages(PROJECTS))) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [one.method for one in service.requests].count("OPTIONS") == 1
    assert len(service.calls) == 16


def test_a_client_that_the_package_does_not_have_is_a_bug() -> None:
    with connected(Service()) as devops, pytest.raises(AssertionError, match="no client 'nonsense'"):
        devops.client("nonsense")
