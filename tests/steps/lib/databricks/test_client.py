from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests_mock as mocking

from sandbox.http.faults import Fault, Faults
from sandbox.http.message import Request, Response, json_response
from sandbox.http.request_log import RequestLog
from sandbox.http.server import Server
from steps.lib.databricks import errors
from steps.lib.databricks.client import FIRST_CONTACT_SECONDS, Databricks, Target
from steps.lib.http.retry import RetryLimits
from steps.lib.http.session import open_session
from tests.steps.fake_clock import FakeClock

FILE = "teams/t/workspaces.json"


class Service:
    """A live server, what it was asked, the faults it is given, and a client that never really sleeps."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.faults = Faults(answer)
        self.log = RequestLog(self.faults)
        self.clock = FakeClock()
        self.server = Server(self.log)
        self.client = client_of(self.server.url, self.clock)


def client_of(host: str, clock: FakeClock) -> Databricks:
    limits = RetryLimits(budget=60, first=1, longest=8)
    return Databricks(Target(host, FILE), open_session(host, {}), clock=clock, limits=limits)


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[Service]:
    service = Service(answer)
    with service.server:
        yield service


def answer(body: str, status: int = 200, **headers: str) -> Callable[[Request], Response]:
    return lambda _request: Response(status, body.encode(), headers)


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(lambda request: json_response({"method": request.method, "query": request.query,
                                                "body": request.body.decode()})) as running:
        yield running


def test_query_values_are_repeated_and_booleans_are_lower_case(service: Service) -> None:
    reply = service.client.get("/x", {"a": ("1", "2"), "b": True, "c": 3})
    assert reply["query"] == {"a": ["1", "2"], "b": ["true"], "c": ["3"]}


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_a_body_is_sent_as_json(service: Service, method: str) -> None:
    reply = getattr(service.client, method)("/x", {"é": 1})
    assert (reply["method"], json.loads(reply["body"])) == (method.upper(), {"é": 1})


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_workspace_is_asked_again_after_what_it_asks_for(service: Service, status: int) -> None:
    service.faults.add(Fault("/x", status=status, headers={"Retry-After": "7"}, times=2))
    assert service.client.get("/x")["method"] == "GET"
    assert service.clock.slept == [7, 7]


def test_without_retry_after_the_waits_grow(service: Service) -> None:
    service.faults.add(Fault("/x", status=429, times=3))
    service.client.get("/x")
    assert [round(wait / 2**index, 2) <= 1 for index, wait in enumerate(service.clock.slept)] == [True] * 3


def test_a_storm_beyond_the_budget_ends_with_the_service_s_own_error(service: Service) -> None:
    service.faults.add(Fault("/x", status=503, body=b'{"error_code":"TEMPORARILY_UNAVAILABLE","message":"storm"}',
                             times=None))
    with pytest.raises(errors.Unavailable, match="503 TEMPORARILY_UNAVAILABLE: 'storm'"):
        service.client.get("/x")
    assert sum(service.clock.slept) <= 60


def test_a_wait_longer_than_the_budget_is_not_begun(service: Service) -> None:
    service.faults.add(Fault("/x", status=429, headers={"Retry-After": "3600"}, times=None))
    with pytest.raises(errors.Throttled):
        service.client.get("/x")
    assert service.clock.slept == []


@pytest.mark.parametrize("fault", [Fault("/x", status=503), Fault("/x", when="after"), Fault("/x", status=0)],
                         ids=["busy", "lost reply", "lost request"])
def test_a_post_is_repeated_only_where_that_is_harmless(service: Service, fault: Fault) -> None:
    service.faults.add(fault)
    with pytest.raises(errors.DatabricksError):
        service.client.post("/x", {})
    service.faults.add(fault)
    assert service.client.post("/x", {}, repeatable=True)["method"] == "POST"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 502])
def test_other_refusals_are_not_repeated(service: Service, status: int) -> None:
    service.faults.add(Fault("/x", status=status, times=None))
    with pytest.raises(errors.DatabricksError):
        service.client.get("/x")
    assert len(service.log.entries()) == 1


def test_a_reply_lost_after_the_first_contact_gets_the_whole_budget(service: Service) -> None:
    service.client.get("/x")
    service.faults.add(Fault("/x", status=0, times=None))
    with pytest.raises(errors.Unreachable):
        service.client.get("/x")
    assert sum(service.clock.slept) > FIRST_CONTACT_SECONDS


def test_an_unreachable_host_is_named_soon_and_with_the_file_to_edit() -> None:
    server = Server(answer(""))
    server.stop()
    clock = FakeClock()
    with pytest.raises(errors.Unreachable) as caught:
        client_of(server.url, clock).get("/x")
    assert str(caught.value).startswith(f"GET /x: cannot reach {server.url}: ")
    assert "Connection refused; " in str(caught.value)
    assert FILE in str(caught.value)
    assert sum(clock.slept) <= FIRST_CONTACT_SECONDS


def test_a_reply_that_cannot_be_unpacked_is_told() -> None:
    packed = serving(lambda _request: Response(200, b"no gzip", {"Content-Encoding": "gzip"}))
    with packed as service, pytest.raises(errors.Unreachable, match="incorrect header check"):
        service.client.get("/x")


@pytest.mark.parametrize("body", ["<html><title>Sign in</title></html>", "[1]", '"x"', "{"])
def test_a_reply_that_is_no_json_object_is_refused(body: str) -> None:
    with serving(answer(body)) as service, pytest.raises(errors.NotDatabricks, match=FILE):
        service.client.get("/x")


def test_a_write_may_be_answered_with_nothing() -> None:
    with serving(answer("")) as service:
        assert service.client.post("/x", {}) == {}


@pytest.mark.parametrize("status", [200, 204, 304])
def test_nothing_is_no_answer_to_a_question(status: int) -> None:
    """A list that seems empty would be filled again, with doubles of what is there."""
    with serving(answer("", status)) as service, pytest.raises(errors.NotDatabricks, match="the proxy of the agent"):
        service.client.get("/x")


def test_json_without_end_is_no_bug_of_ours() -> None:
    with serving(answer("[" * 100_000)) as service, pytest.raises(errors.NotDatabricks, match="200: '"):
        service.client.get("/x")
    with serving(answer("[" * 100_000, 400)) as service, pytest.raises(errors.BadRequest):
        service.client.get("/x")


def test_a_reply_that_lacks_a_field_is_refused_by_name() -> None:
    with serving(answer('{"rows": [{}]}')) as service:
        with pytest.raises(errors.NotDatabricks, match=r"^GET /x: .* has no field 'cluster_id'"):
            service.client.get("/x")["cluster_id"]
        with pytest.raises(errors.NotDatabricks, match="has no field 'name'"):
            service.client.rows("/x", "rows")[0]["name"]


@pytest.mark.parametrize(("status", "body", "kind"), [
    (403, "<html><title>Access blocked by the proxy</title></html>", errors.NotDatabricks),
    (404, "<!DOCTYPE html><title>nginx</title>", errors.NotDatabricks),
    (407, "<html><title>Proxy Authentication Required</title></html>", errors.NotDatabricks),
    (403, "<html><pre>Invalid access token.</pre></html>", errors.PermissionDenied),
    (403, '{"error_code": "PERMISSION_DENIED", "message": "<b>no</b>"}', errors.PermissionDenied),
    (404, "", errors.ResourceDoesNotExist),
], ids=["blocked", "other server", "proxy", "the workspace's own page", "json", "nothing"])
def test_the_page_of_somebody_else_says_nothing_about_rights(status: int, body: str,
                                                             kind: type[errors.DatabricksError]) -> None:
    with serving(answer(body, status)) as service, pytest.raises(errors.DatabricksError) as caught:
        service.client.get("/x")
    assert type(caught.value) is kind


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed(status: int) -> None:
    with serving(answer("{}", status, Location="http://127.0.0.1:1/login")) as service:
        with pytest.raises(errors.NotDatabricks, match=r"redirect to http://127\.0\.0\.1:1/login"):
            service.client.get("/x")
        assert len(service.log.entries()) == 1


def page(request: Request) -> Response:
    start = int(request.parameter("page_token") or 0)
    following = str(start + 2) if start < 4 else ""
    return json_response({"rows": [{"id": start}, {"id": start + 1}], "next_page_token": following})


def test_pages_are_walked_to_the_end_with_their_filters() -> None:
    with serving(page) as service:
        rows = list(service.client.pages("/x", "rows", {"filter": "a"}))
        assert [row["id"] for row in rows] == [0, 1, 2, 3, 4, 5]
        assert [entry.query["filter"] for entry in service.log.entries()] == [["a"]] * 3


@pytest.mark.parametrize("body", ["{}", '{"rows": null}', '{"rows": []}'])
def test_a_list_that_is_not_there_is_empty(body: str) -> None:
    with serving(answer(body)) as service:
        assert list(service.client.pages("/x", "rows")) == service.client.rows("/x", "rows") == []


@pytest.mark.parametrize("body", ['{"rows": "x"}', '{"rows": [1]}', '{"rows": {"a": 1}}'])
def test_a_list_of_anything_but_objects_is_refused(body: str) -> None:
    with serving(answer(body)) as service, pytest.raises(errors.NotDatabricks, match=r"GET /x: .* 200: 'rows: "):
        service.client.rows("/x", "rows")


def test_pages_that_run_in_a_circle_are_refused() -> None:
    circle = serving(answer('{"rows": [], "next_page_token": "t"}'))
    with circle as service, pytest.raises(errors.NotDatabricks, match="came twice"):
        list(service.client.pages("/x", "rows"))


def test_a_certificate_that_is_not_trusted_is_told_at_once(requests_mock: mocking.Mocker) -> None:
    from requests.exceptions import SSLError

    requests_mock.get("https://h.test/x", exc=SSLError("self-signed"))
    clock = FakeClock()
    with pytest.raises(errors.Unreachable, match="REQUESTS_CA_BUNDLE"):
        client_of("https://h.test", clock).get("/x")
    assert clock.slept == []
