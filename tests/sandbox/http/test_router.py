from __future__ import annotations

import pytest

from sandbox.http.message import Request, Response, json_response, text_response
from sandbox.http.router import Router


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
