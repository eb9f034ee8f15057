"""The sign-in by a service connection: a live tenant, and a service that issues the connection's tokens."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from sandbox.entra.federation import FederatedCredential
from sandbox.entra.tenant import AZURE_DEVOPS
from sandbox.http.message import Request, Response, json_response, text_response
from sandbox.http.server import Server
from steps.lib.azure_devops.credentials import AZURE_DEVOPS_SCOPE
from steps.lib.entra import federation
from steps.lib.entra.resource import Resource
from steps.lib.entra.sign_in import PATIENCE_SECONDS, entra_token
from steps.lib.errors import InputError, ServiceError
from tests.steps.bench import Bench

ISSUER = "https://vstoken.dev.azure.com/11111111-1111-4111-8111-111111111111"
SUBJECT = "sc://brickline/analytics/deployer"
CONNECTION = "22222222-2222-4222-8222-222222222222"


@dataclass
class Issuing:
    """Azure Pipelines' side. `replies` come first, then a token for `subject`."""

    bench: Bench
    subject: str = SUBJECT
    requests: list[Request] = field(default_factory=list)
    replies: list[Response] = field(default_factory=list)
    url: str = ""

    def __call__(self, request: Request) -> Response:
        _ = request.body
        self.requests.append(request)
        token = self.bench.tenant.issue_federated_token(ISSUER, self.subject)
        return self.replies.pop(0) if self.replies else json_response({"oidcToken": token})

    def sign_in(self, **changed: str) -> str:
        environ = {**self.bench.environ, "SYSTEM_OIDCREQUESTURI": f"{self.url}/org/p/oidctoken",
                   "SYSTEM_ACCESSTOKEN": "j0b-token", "AZURE_SERVICE_CONNECTION_ID": CONNECTION, **changed}
        resource = Resource("Azure DevOps", "https://h.test", AZURE_DEVOPS_SCOPE, "environment", self.bench.entra.url)
        return entra_token(federation.acquire, resource, environ, self.bench.clock).value


@pytest.fixture
def issuing(bench: Bench) -> Iterator[Issuing]:
    bench.tenant.add_federated_credential(bench.principal.client_id, FederatedCredential(ISSUER, SUBJECT))
    service = Issuing(bench)
    with Server(service) as server:
        service.url = server.url
        yield service


def test_a_service_connection_signs_in_without_a_secret(issuing: Issuing) -> None:
    claims = issuing.bench.tenant.verify(issuing.sign_in(ENTRA_CLIENT_SECRET=""), AZURE_DEVOPS)
    assert claims["appid"] == issuing.bench.principal.client_id


def test_the_token_of_the_connection_is_asked_for_with_the_token_of_the_job(issuing: Issuing) -> None:
    issuing.sign_in()
    (sent,) = issuing.requests
    assert (sent.method, sent.path) == ("POST", "/org/p/oidctoken")
    assert sent.query == {"api-version": ["7.1"], "serviceConnectionId": [CONNECTION]}
    assert (sent.headers["Authorization"], sent.headers["X-TFS-FedAuthRedirect"]) == ("Bearer j0b-token", "Suppress")


def test_each_sign_in_asks_for_a_token_of_its_own(issuing: Issuing) -> None:
    issuing.sign_in()
    issuing.sign_in()
    assert len(issuing.requests) == 2


def test_the_token_of_the_connection_is_a_secret(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    issuing.sign_in()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("]")[0] for line in lines if "eyJ" in line] == ["##vso[task.setsecret"]


@pytest.mark.parametrize(("reply", "advice"), [
    pytest.param(Response(401), r"map SYSTEM_ACCESSTOKEN: \$\(System.AccessToken\)", id="401"),
    pytest.param(text_response("<html>", 203), "map SYSTEM_ACCESSTOKEN", id="203"),
    pytest.param(text_response("", 302, {"Location": "/_signin"}), "map SYSTEM_ACCESSTOKEN", id="302"),
    pytest.param(text_response("no", 403), "let its owner authorize the pipeline", id="403"),
    pytest.param(text_response("no", 404), "correct AZURE_SERVICE_CONNECTION_ID", id="404"),
    pytest.param(text_response("no", 499), "let the owner of the service connection look", id="unknown"),
    pytest.param(text_response("<html>"), "holds no token", id="page"),
    pytest.param(json_response({"token": "x"}), "holds no token", id="no token"),
    pytest.param(json_response([1]), "holds no token", id="a list"),
])
def test_a_connection_that_gives_no_token_says_what_to_do(issuing: Issuing, reply: Response, advice: str) -> None:
    issuing.replies.append(reply)
    with pytest.raises(InputError, match=advice) as caught:
        issuing.sign_in()
    assert caught.value.lines[0].startswith("environment: AZURE_SERVICE_CONNECTION_ID: ")
    assert "j0b-token" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(issuing: Issuing, status: int) -> None:
    issuing.replies += [Response(status), Response(status)]
    assert issuing.sign_in()
    assert len(issuing.requests) == 3


def test_a_service_in_lasting_trouble_is_a_service_error(issuing: Issuing) -> None:
    issuing.replies += [Response(503)] * 100
    with pytest.raises(ServiceError, match="is busy"):
        issuing.sign_in()
    assert 5 < issuing.bench.clock.seconds <= PATIENCE_SECONDS


def test_a_service_out_of_reach_is_a_service_error(issuing: Issuing) -> None:
    with Server(issuing) as server:
        gone = server.url
    with pytest.raises(ServiceError, match=f"cannot reach {gone}"):
        issuing.sign_in(SYSTEM_OIDCREQUESTURI=gone)


@pytest.mark.parametrize("url", ["https://evil.test/x", "http://dev.azure.com/x", "https://dev.azure.com.evil.test/x",
                                 "https://dev.azure.com@evil.test/x", "nonsense"])
def test_the_token_of_the_job_goes_to_azure_devops_alone(issuing: Issuing, url: str) -> None:
    with pytest.raises(InputError, match="SYSTEM_OIDCREQUESTURI: got"):
        issuing.sign_in(SYSTEM_OIDCREQUESTURI=url)


@pytest.mark.parametrize("name", ["deployer", "22222222", f"{CONNECTION}/x"])
def test_a_name_in_place_of_an_id_is_an_input_error(issuing: Issuing, name: str) -> None:
    with pytest.raises(InputError, match="expected the id of a service connection"):
        issuing.sign_in(AZURE_SERVICE_CONNECTION_ID=name)


def test_an_application_that_does_not_trust_the_connection_says_what_to_add(issuing: Issuing) -> None:
    issuing.subject = "sc://brickline/analytics/other"
    with pytest.raises(InputError, match="add a federated credential with exactly the issuer and subject") as caught:
        issuing.sign_in()
    assert "AADSTS700213" in str(caught.value)
    assert issuing.subject in str(caught.value)
