from __future__ import annotations

import json

import pytest

from sandbox.http.message import Application, Request, Response, json_response, text_response
from sandbox.http.router import Router
from tests.work import work_of


def arguments(request: Request) -> Response:
    return json_response(request.arguments)


def routed(method: str, target: str) -> Response:
    router = Router(missing=lambda _: text_response("missing", 404))
    router.add("GET", "/permissions/{kind}/{id}", arguments)
    router.add("*", "/{org}/_git/{repo}/{rest...}", arguments)
    return router(Request(method, target.partition("?")[0], raw_target=target))


@pytest.mark.parametrize(("method", "target", "expected"), [
    ("GET", "/permissions/clusters/1", b'{"kind": "clusters", "id": "1"}'),
    ("GET", "/permissions/clusters/1?x=/2", b'{"kind": "clusters", "id": "1"}'),
    ("GET", "/permissions/clusters/a%2Fb%20c", b'{"kind": "clusters", "id": "a/b c"}'),
    ("POST", "/o/_git/r/info/refs", b'{"org": "o", "repo": "r", "rest": "info/refs"}'),
    ("GET", "http://host.test/permissions/jobs/7", b'{"kind": "jobs", "id": "7"}'),
])
def test_placeholders_are_read_from_the_path(method: str, target: str, expected: bytes) -> None:
    assert routed(method, target).body == expected


@pytest.mark.parametrize(("method", "target"), [
    ("PUT", "/permissions/clusters/1"), ("GET", "/permissions/clusters"), ("GET", "/permissions/clusters/1/2"),
    ("GET", "/permissionsXclusters/1"), ("GET", "/permissions//1"),
])
def test_what_no_route_fits_goes_to_missing(method: str, target: str) -> None:
    assert routed(method, target).status == 404


def test_dot_in_a_pattern_is_only_a_dot() -> None:
    router = Router()
    router.add("GET", "/api/2.0/x", arguments)
    assert router(Request("GET", "/api/2x0/x")).status == 404


def named(name: str) -> Application:
    return lambda request: json_response([name, request.arguments])


@pytest.mark.parametrize(("patterns", "path", "expected"), [
    (["/a/{x}", "/a/b"], "/a/b", ["/a/{x}", {"x": "b"}]),
    (["/a/b", "/a/{x}"], "/a/b", ["/a/b", {}]),
    (["/a/{rest...}", "/a/b/c"], "/a/b/c", ["/a/{rest...}", {"rest": "b/c"}]),
    (["/a/b/c", "/a/{rest...}"], "/a/b/d", ["/a/{rest...}", {"rest": "b/d"}]),
    (["/{x}/c", "/a/{y}"], "/a/c", ["/{x}/c", {"x": "a"}]),
    (["/a/{x}.git", "/a/{y}"], "/a/b", ["/a/{y}", {"y": "b"}]),
    (["/a/{rest...}"], "/a/", ["/a/{rest...}", {"rest": ""}]),
    (["/a/{rest...}/end"], "/a/b/c/end", ["/a/{rest...}/end", {"rest": "b/c"}]),
    (["/a/f-{rest...}"], "/a/f-b/c", ["/a/f-{rest...}", {"rest": "b/c"}]),
], ids=str)
def test_first_added_of_those_that_fit_answers(patterns: list[str], path: str, expected: list[object]) -> None:
    router = Router()
    for pattern in patterns:
        router.add("GET", pattern, named(pattern))
    assert json.loads(router(Request("GET", path)).body) == expected


def test_route_of_another_method_does_not_hide_a_later_one() -> None:
    router = Router()
    router.add("POST", "/a/{x}", named("post"))
    router.add("GET", "/a/b", named("get"))
    assert json.loads(router(Request("GET", "/a/b")).body) == ["get", {}]


def test_fixed_parts_fit_in_any_case_when_told_and_arguments_keep_theirs() -> None:
    router = Router(ignore_case=True)
    router.add("GET", "/Org/_Git/{Repo}", named("git"))
    assert json.loads(router(Request("GET", "/oRG/_git/ReadMe")).body) == ["git", {"Repo": "ReadMe"}]
    exact = Router()
    exact.add("GET", "/Org", named("org"))
    assert exact(Request("GET", "/org")).status == 404


def work_among(count: int) -> int:
    """What it takes a router of `count` families to find the last one."""
    router = Router()
    for number in range(count):
        router.add("GET", f"/api/2.0/family-{number}/{{id}}/get", arguments)
    return work_of(lambda: router(Request("GET", f"/api/2.0/family-{count - 1}/7/get")))


def test_finding_a_route_costs_the_same_among_ten_and_among_a_thousand() -> None:
    assert work_among(1000) < work_among(10) * 1.1
