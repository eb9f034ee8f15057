"""What is sent again, what counts as not signed in, and where a token never goes."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from requests_mock import Mocker

from sandbox.http.message import ConnectionDroppedError, Request, Response, json_response, text_response
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.exchange import Exchange, Outgoing
from steps.lib.http.bearer import Bearer
from steps.lib.http.retry import RetryLimits
from steps.lib.http.session import open_session
from tests.steps.fake_clock import FakeClock
from tests.steps.lib.azure_devops.service import PROJECTS, Answer, Service, connected, error, in_turn, page

BUSY = error(503, "ServiceUnavailableException", "VS403000: the collection is stopped")
GOOD = json_response({"value": [{"id": "1"}]})


@contextmanager
def asked(answer: Answer, clock: FakeClock | None = None) -> Iterator[tuple[Service, AzureDevOps]]:
    service = Service(answer)
    with connected(service, clock) as devops:
        yield service, devops


@pytest.mark.parametrize("reply", [
    pytest.param(Response(401), id="401"),
    pytest.param(error(401, "UnauthorizedRequestException", "TF400813: x"), id="401 with a message"),
    pytest.param(page(203), id="203 with a page"),
    pytest.param(json_response({"value": []}, 203), id="203 with JSON"),
    pytest.param(page(302, {"Location": "https://x.test/_signin"}), id="302"),
    pytest.param(page(307, {"Location": "/_signin"}), id="307"),
    pytest.param(Response(302, headers={"Location": "/_signin"}), id="302 without a page"),
    pytest.param(page(200), id="a page as a success"),
])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_every_way_to_ask_for_a_sign_in_is_told_as_one(reply: Response, method: str) -> None:
    with asked(in_turn(reply)) as (service, devops), pytest.raises(errors.NotAuthenticated) as caught:
        devops.send(method, PROJECTS)
    assert len(service.calls) == 1
    assert caught.value.exit_code == 2
    assert "renew AZURE_DEVOPS_EXT_PAT" in str(caught.value)


@pytest.mark.parametrize("discovery", ["OPTIONS", "ResourceAreas"])
def test_a_refused_credential_is_told_from_the_first_call_on(discovery: str) -> None:
    class Refusing(Service):
        def __call__(self, request: Request) -> Response:
            refused = request.method == discovery or request.path.endswith(discovery)
            return page(203) if refused else super().__call__(request)

    with connected(Refusing()) as devops, pytest.raises(errors.NotAuthenticated):
        devops.client("core")


@pytest.mark.parametrize(("method", "repeatable", "sent"), [
    ("GET", None, 3), ("PUT", None, 3), ("DELETE", None, 3), ("POST", None, 1), ("PATCH", None, 1),
    ("POST", True, 3), ("PATCH", True, 3), ("PUT", False, 1), ("DELETE", False, 1), ("GET", False, 3),
])
@pytest.mark.parametrize("status", [408, 502, 503, 504])
def test_only_what_may_be_repeated_is_sent_again(method: str, repeatable: bool | None, sent: int, status: int) -> None:
    busy = error(status, "X", "busy")
    with asked(in_turn(busy, busy, GOOD)) as (service, devops):
        with suppress(errors.AzureDevOpsError):
            devops.send(method, PROJECTS, repeatable=repeatable)
        assert len(service.calls) == sent


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_a_refused_rate_did_nothing_so_every_call_is_sent_again(method: str) -> None:
    with asked(in_turn(error(429, "X", "TF400733: busy"), GOOD)) as (service, devops):
        devops.send(method, PROJECTS, repeatable=False)
        assert len(service.calls) == 2


def test_the_message_of_a_service_in_lasting_trouble_is_kept() -> None:
    clock = FakeClock()
    with asked(in_turn(BUSY), clock) as (service, devops), pytest.raises(errors.Unavailable, match="VS403000"):
        devops.call(devops.client("core").get_projects, repeatable=False)
    assert len(service.calls) > 3
    assert 60 < clock.seconds <= 120


@pytest.mark.parametrize(("repeatable", "sent"), [(False, 1), (True, 2)])
def test_a_write_of_the_package_is_sent_once_unless_it_may_be_repeated(repeatable: bool, sent: int) -> None:
    with asked(in_turn(BUSY, json_response({"id": "x", "status": "queued"}, 202))) as (service, devops):
        with suppress(errors.Unavailable):
            devops.call(devops.client("core").queue_create_project, {"name": "x"}, repeatable=repeatable)
        assert [call.method for call in service.calls] == ["POST"] * sent


def test_whether_a_write_may_be_repeated_ends_with_the_call() -> None:
    with asked(in_turn(BUSY, GOOD, BUSY)) as (service, devops):
        devops.send("POST", PROJECTS, repeatable=True)
        with pytest.raises(errors.Unavailable):
            devops.client("core").queue_create_project({"name": "x"})
        assert len(service.calls) == 3


@pytest.mark.parametrize(("method", "sent"), [("GET", 2), ("POST", 1)])
def test_a_lost_reply_is_asked_for_again_only_where_that_is_safe(method: str, sent: int) -> None:
    left = [ConnectionDroppedError()]

    def answer(_: Request) -> Response:
        if left:
            raise left.pop()
        return GOOD

    with asked(answer) as (service, devops):
        with suppress(errors.Unreachable):
            devops.send(method, PROJECTS)
        assert len(service.calls) == sent


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
def test_a_refusal_is_not_repeated(status: int) -> None:
    with asked(in_turn(error(status, "X", "no"), GOOD)) as (service, devops):
        with pytest.raises(errors.AzureDevOpsError):
            devops.send("GET", PROJECTS)
        assert len(service.calls) == 1


def test_a_busy_service_is_left_alone_exactly_as_long_as_it_asks() -> None:
    clock = FakeClock()
    busy = text_response("", 429, {"Retry-After": "7"})
    with asked(in_turn(busy, GOOD), clock) as (_, devops):
        devops.send("GET", PROJECTS)
    assert clock.slept == [7]


def test_an_address_that_never_answers_is_given_up_soon() -> None:
    clock = FakeClock()
    service = Service()
    with connected(service, clock) as devops:
        address = service.url
    with pytest.raises(errors.Unreachable, match=address):
        devops.send("GET", PROJECTS)
    assert clock.seconds <= 15


@pytest.mark.parametrize("where", ["https://evil.test/Org/", "http://127.0.0.1:1/Org/", "https://vssps.dev.azure.com/O"])
def test_a_token_goes_to_no_other_service(where: str) -> None:
    areas = [{"id": "79134c72-4a58-4b42-976c-04e7115f32bf", "locationUrl": where, "name": "core"}]
    with connected(Service(areas=areas)) as devops, pytest.raises(errors.NotAzureDevOps, match="another service"):
        devops.client("core")


def in_the_cloud(url: str, requests_mock: Mocker) -> bool:
    """Whether a client of an organization in the cloud sends its token to `url`."""
    requests_mock.get(url, json={})
    with open_session(url, {}) as session:
        session.auth = Bearer("s3cret")
        exchange = Exchange("https://dev.azure.com/brickline", "KEY", session, clock=FakeClock(), limits=RetryLimits())
        with suppress(errors.NotAzureDevOps):
            exchange.send(Outgoing("GET", url))
    return [one.headers["Authorization"] for one in requests_mock.request_history] == ["Bearer s3cret"]


@pytest.mark.parametrize(("url", "sent"), [
    ("https://dev.azure.com/brickline/_apis", True), ("https://vssps.dev.azure.com/brickline/_apis", True),
    ("https://brickline.visualstudio.com/_apis", True), ("http://vssps.dev.azure.com/brickline/_apis", False),
    ("http://dev.azure.com/brickline/_apis", False), ("https://dev.azure.com.evil.test/_apis", False),
    ("https://evil-dev.azure.com/_apis", False), ("https://evil.test/dev.azure.com/_apis", False),
])
def test_in_the_cloud_a_token_goes_to_the_domains_of_the_service(url: str, sent: bool, requests_mock: Mocker) -> None:
    assert in_the_cloud(url, requests_mock) is sent
