"""Workload identity federation: unmodified msal with a client assertion, and each refusal."""
from __future__ import annotations

from typing import Any

import jwt
import msal  # type: ignore[import-untyped]
import pytest

from sandbox.entra.federation import AUDIENCE, LIFETIME, FederatedCredential
from sandbox.entra.grants import JWT_BEARER
from sandbox.entra.tenant import AZURE_DEVOPS, Tenant
from tests.sandbox.entra.conftest import Login

ISSUER = "https://vstoken.dev.azure.com/11111111-1111-4111-8111-111111111111"
SUBJECT = "sc://brickline/analytics/deployer"


@pytest.fixture
def trusting(login: Login) -> Login:
    login.tenant.add_federated_credential(login.registration.client_id, FederatedCredential(ISSUER, SUBJECT))
    return login


def exchanged(login: Login, assertion: str, **changes: str) -> dict[str, Any]:
    form = {"client_secret": "", "client_assertion": assertion, "client_assertion_type": JWT_BEARER, **changes}
    answer: dict[str, Any] = login.token(**form).json()
    return answer


def test_msal_exchanges_a_token_of_the_issuer(trusting: Login) -> None:
    app = msal.ConfidentialClientApplication(
        trusting.registration.client_id, authority=f"{trusting.url}/{trusting.tenant.tenant_id}",
        client_credential={"client_assertion": lambda: trusting.tenant.issue_federated_token(ISSUER, SUBJECT)},
        instance_discovery=False, http_client=trusting.session)
    answer = app.acquire_token_for_client([f"{AZURE_DEVOPS}/.default"])
    claims = trusting.tenant.verify(answer["access_token"], AZURE_DEVOPS)
    assert claims["appid"] == trusting.registration.client_id


@pytest.mark.parametrize(("issuer", "subject", "audience", "code"), [
    pytest.param(f"{ISSUER}x", SUBJECT, AUDIENCE, 700211, id="issuer"),
    pytest.param(ISSUER, f"{SUBJECT}2", AUDIENCE, 700213, id="subject"),
    pytest.param(ISSUER, SUBJECT.upper(), AUDIENCE, 700213, id="subject in another case"),
    pytest.param(ISSUER, SUBJECT, "api://other", 700212, id="audience"),
])
def test_a_token_that_no_credential_matches_is_refused(trusting: Login, issuer: str, subject: str, audience: str,
                                                       code: int) -> None:
    answer = exchanged(trusting, trusting.tenant.issue_federated_token(issuer, subject, audience))
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [code])


def test_an_application_that_trusts_nobody_is_told_apart(login: Login) -> None:
    answer = exchanged(login, login.tenant.issue_federated_token(ISSUER, SUBJECT))
    assert (answer["error"], answer["error_codes"]) == ("invalid_request", [70021])
    assert SUBJECT in answer["error_description"]


@pytest.mark.parametrize(("seconds", "code"), [(LIFETIME - 1, None), (LIFETIME, 700024)])
def test_a_token_lives_ten_minutes(trusting: Login, seconds: int, code: int | None) -> None:
    token = trusting.tenant.issue_federated_token(ISSUER, SUBJECT)
    trusting.clock.advance(seconds)
    assert exchanged(trusting, token).get("error_codes") == ([code] if code else None)


@pytest.mark.parametrize("token", [
    pytest.param("nonsense", id="no token"),
    pytest.param(jwt.encode({"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE}, "x" * 32, "HS256"), id="another key"),
    pytest.param(jwt.encode({"iss": "https://nobody.test", "sub": SUBJECT}, "x" * 32, "HS256"), id="unknown issuer"),
    pytest.param(jwt.encode({"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE}, "", "none"), id="unsigned"),
])
def test_a_token_that_is_not_signed_by_its_issuer_is_refused(trusting: Login, token: str) -> None:
    trusting.tenant.issue_federated_token(ISSUER, SUBJECT)
    assert exchanged(trusting, token)["error_codes"] == [700027]


def test_a_token_of_another_tenants_issuer_is_refused(trusting: Login) -> None:
    foreign = Tenant(clock=trusting.clock).issue_federated_token(ISSUER, SUBJECT)
    trusting.tenant.issue_federated_token(ISSUER, SUBJECT)
    assert exchanged(trusting, foreign)["error_codes"] == [700027]


def test_an_assertion_of_another_type_is_refused(trusting: Login) -> None:
    token = trusting.tenant.issue_federated_token(ISSUER, SUBJECT)
    assert exchanged(trusting, token, client_assertion_type="saml")["error_codes"] == [7000217]


def test_one_issuer_does_not_sign_for_another(trusting: Login) -> None:
    theirs = trusting.tenant.issue_federated_token("https://other.test", SUBJECT)
    claims = {**jwt.decode(theirs, options={"verify_signature": False}), "iss": ISSUER}
    trusting.tenant.issue_federated_token(ISSUER, SUBJECT)
    forged = jwt.encode(claims, "x" * 32, "HS256").rpartition(".")[0] + "." + theirs.rpartition(".")[2]
    assert exchanged(trusting, forged)["error_codes"] == [700027]
