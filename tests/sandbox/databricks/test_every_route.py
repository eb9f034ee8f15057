"""Every route, asked by an admin and by a nobody with random arguments: never a 500, always an answer that is JSON.

`BRICKLINE_FUZZ_EXAMPLES` is the number of requests for each route, for who wants to search longer.
"""
from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from sandbox.databricks.mlflow.artifacts.storage_routes import storage_routes
from sandbox.databricks.oauth.discovery import open_routes
from sandbox.databricks.routes import routes, routes_without_lock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.message import Response
from tests.sandbox.databricks.random_requests import HOSTILE, RandomRequests
from tests.sandbox.databricks.random_target import Target, usual

_EXAMPLES = int(os.environ.get("BRICKLINE_FUZZ_EXAMPLES", "6"))
_LIFETIME = 6  # requests to one workspace: more of them would find that everything has been deleted
_LONGEST_SECONDS = 30.0
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.\.\.)?\}")
# The historical answer to an empty list (contract of the service), and what the sandbox says it does not model.
_KNOWN_FAILURES = {"INTERNAL_ERROR", "NOT_IMPLEMENTED"}


@pytest.fixture
def target() -> Target:
    return Target()


def _every_route() -> list[tuple[str, str]]:
    tenant = Tenant()
    state = Workspace("any", tenant=tenant).state
    served = [*routes(), *routes_without_lock(tenant), *open_routes(state, tenant), *storage_routes(state)]
    return sorted({(method, path) for method, path, _ in served})


@pytest.mark.parametrize(("method", "path"), _every_route(), ids=lambda part: part)
def test_route_survives_whatever_it_is_asked(method: str, path: str) -> None:
    """A2: every answer, also to a success without content, is JSON."""
    for begin in range(0, _EXAMPLES, _LIFETIME):
        target = Target()
        for number in range(begin, begin + _LIFETIME):
            url, body = request(target, method, path, number)
            begun = time.monotonic()
            try:
                check(target.ask(method, url, body, number % 3 // 2))
            except Exception as error:
                message = f"{method} {url} broke with {body!r}"
                raise AssertionError(message) from error
            assert time.monotonic() - begun < _LONGEST_SECONDS, (url, body)


def request(target: Target, method: str, path: str, number: int) -> tuple[str, bytes]:
    """Request line and body of the random request of this number, always the same."""
    make = RandomRequests(Random(f"{method} {path} {number}"), target.told)  # noqa: S311 - a seed, no secret
    fields = {**(usual(method, path) if number % 2 else {}), **make.fields(path)}
    arguments = make.path(path)
    url = re.sub(_PLACEHOLDER, lambda _: quote(arguments.pop(0), safe=""), path)
    if method in {"GET", "DELETE"} and number % 2:
        return f"{url}?{_query(fields)}", b""
    return url, json.dumps(fields).encode()


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b"null", b'{"a": NaN}', b"[" * 5000], ids=str)
def test_no_route_breaks_on_what_is_no_object(target: Target, body: bytes) -> None:
    for method, path in _every_route():
        check(target.ask(method, re.sub(_PLACEHOLDER, "x", path), body, 0))


@pytest.mark.parametrize("name", [*HOSTILE, "9" * 5000], ids=lambda name: repr(name[:40]))
def test_no_route_breaks_on_a_hostile_name_in_its_path(target: Target, name: str) -> None:
    for method, path in _every_route():
        if "{" in path:
            check(target.ask(method, re.sub(_PLACEHOLDER, lambda _: quote(name, safe=""), path), b"{}", 0))


def check(reply: Response) -> None:
    """The answer is one that clients understand: contract of the service, errors."""
    kind = reply.headers.get("Content-Type", "")
    content = reply.body if reply.chunks is None else _read(reply.chunks)
    if reply.status >= 400 and not kind.startswith("text/plain"):
        told = json.loads(content)
        assert reply.status < 500 or told["error_code"] in _KNOWN_FAILURES, told
        assert {"error_code", "error", "detail"} & set(told)
    elif reply.status >= 400:
        assert (reply.status, content) == (400, b"Invalid request path")
    elif kind.startswith("application/json"):
        json.loads(content)


def _query(fields: dict[str, Any]) -> str:
    flat = {name: value if isinstance(value, (str, int, float)) else json.dumps(value)
            for name, value in fields.items()}
    return urlencode(flat)


def _read(chunks: Iterable[bytes]) -> bytes:
    """As the server does: to the end, then closed."""
    content = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    return content
