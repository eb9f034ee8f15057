from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from sandbox.http.forward_proxy import ForwardProxy
from sandbox.http.message import Application, Request, Response, json_response
from sandbox.http.server import Server


def telling(name: str) -> Application:
    def application(request: Request) -> Response:
        return json_response([name, request.method, request.path, request.query, request.body.decode()])

    return application


HOSTS = {"dev.databricks.test": telling("dev"), "127.0.0.1": telling("loopback")}


@pytest.fixture
def through_proxy() -> Iterator[Callable[..., requests.Response]]:
    """Asks for an address with the proxy as a client has it in `HTTP_PROXY`."""
    with Server(ForwardProxy(HOSTS)) as proxy, requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": proxy.url, "https": proxy.url}

        def ask(method: str, url: str, body: str = "") -> requests.Response:
            return session.request(method, url, data=body, timeout=30)

        yield ask


@pytest.mark.parametrize(("url", "name"), [
    ("http://dev.databricks.test/api/2.0/x?a=1", "dev"),
    ("http://dev.databricks.test:8443/api/2.0/x?a=1", "dev"),
    ("http://DEV.Databricks.Test/api/2.0/x?a=1", "dev"),
    ("http://127.0.0.1:1234/api/2.0/x?a=1", "loopback"),
])
def test_a_request_reaches_the_host_it_names(
        through_proxy: Callable[..., requests.Response], url: str, name: str) -> None:
    """A1: a request line in absolute form, as through HTTP_PROXY."""
    assert through_proxy("POST", url, "{}").json() == [name, "POST", "/api/2.0/x", {"a": ["1"]}, "{}"]


def test_a_host_beyond_the_sandbox_is_never_asked(through_proxy: Callable[..., requests.Response]) -> None:
    reply = through_proxy("GET", "http://elsewhere.test/")
    assert reply.status_code == 502
    assert reply.text == (
        "this proxy leads to http://dev.databricks.test, http://127.0.0.1 only, not to 'elsewhere.test'")


def test_a_tunnel_is_refused_in_words() -> None:
    reply = ForwardProxy(HOSTS)(Request("CONNECT", "443", raw_target="dev.databricks.test:443"))
    assert (reply.status, b"not with https://" in reply.body) == (501, True)


def test_a_tunnel_is_refused_to_a_client_over_the_wire(through_proxy: Callable[..., requests.Response]) -> None:
    with pytest.raises(requests.exceptions.ProxyError, match="501 Not Implemented"):
        through_proxy("GET", "https://dev.databricks.test/")


@pytest.mark.parametrize("target", ["/api/2.0/x", "*", "http://[/x"])
def test_who_takes_it_for_a_workspace_is_told_what_it_is(target: str) -> None:
    reply = ForwardProxy(HOSTS)(Request("GET", "/", raw_target=target))
    assert (reply.status, b"name it in HTTP_PROXY" in reply.body) == (400, True)
