from __future__ import annotations

import sqlite3
from pathlib import Path

import jwt
import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.oauth.signing_in import (
    APPLICATION,
    AUDIENCE,
    EXCHANGE,
    ISSUER,
    JWT_TYPE,
    SECRET,
    ask,
    basic,
    exchange,
    grant,
)


def me(workspace: Workspace, token: str) -> Reply:
    return Client(workspace, token).get("2.0/preview/scim/v2/Me")


@pytest.fixture
def pipeline(workspace: Workspace) -> Workspace:
    workspace.add_service_principal(APPLICATION)
    assert workspace.add_oauth_secret(APPLICATION, SECRET) == SECRET
    return workspace


def test_secret_gives_a_token_of_the_service_principal(pipeline: Workspace) -> None:
    reply = grant(pipeline)
    assert (reply.status, reply.body["token_type"], reply.body["expires_in"]) == (200, "Bearer", 3600)
    assert me(pipeline, reply.body["access_token"]).body["userName"] == APPLICATION


def test_token_says_what_it_is_for(pipeline: Workspace, clock: FakeClock) -> None:
    first, second = (jwt.decode(grant(pipeline).body["access_token"], options={"verify_signature": False})
                     for _ in range(2))
    assert first.pop("jti") != second.pop("jti")
    now = int(clock.now())
    assert first == second == {"sub": APPLICATION, "client_id": APPLICATION, "scope": "all-apis",
                               "aud": pipeline.state.org_id, "iat": now, "exp": now + 3600}


def test_same_secret_again_is_no_second_one(pipeline: Workspace) -> None:
    principal = pipeline.add_service_principal(APPLICATION)
    for value in (SECRET, "another"):
        pipeline.add_oauth_secret(APPLICATION, value)
    assert len(pipeline.state.oauth.secrets_of(principal.id)) == 2


def test_secret_may_stand_in_the_form(pipeline: Workspace) -> None:
    form = {"grant_type": "client_credentials", "client_id": APPLICATION, "client_secret": SECRET}
    assert ask(pipeline, form).status == 200


def test_token_is_good_for_an_hour(pipeline: Workspace, clock: FakeClock) -> None:
    """A8: an OAuth token that is over lets nobody in."""
    token = grant(pipeline).body["access_token"]
    clock.advance(3599)
    assert me(pipeline, token).status == 200
    clock.advance(1)
    assert me(pipeline, token).code == 403


@pytest.mark.parametrize("authorization", [
    basic(APPLICATION, "wrong"), basic("nobody", SECRET), basic("admin@example.test", SECRET), "Basic !", "Basic /w==",
    "Bearer x", ""])
def test_wrong_client_is_refused_and_not_told_why(pipeline: Workspace, authorization: str) -> None:
    """A8: none of these is a service principal with its secret."""
    reply = ask(pipeline, {"grant_type": "client_credentials"}, authorization)
    assert (reply.status, reply.body) == (
        401, {"error": "invalid_client", "error_description": "Client authentication failed"})


def test_secret_of_one_does_not_let_another_in(pipeline: Workspace) -> None:
    pipeline.add_service_principal("other")
    assert grant(pipeline, client_id="other").status == 401


def test_service_principal_that_was_switched_off_gets_none(pipeline: Workspace) -> None:
    principal = pipeline.add_service_principal(APPLICATION)
    token = grant(pipeline).body["access_token"]
    pipeline.state.directory.change(principal.id, active=False)
    assert (grant(pipeline).status, me(pipeline, token).status) == (401, 403)


@pytest.mark.parametrize(("form", "error", "description"), [
    ({}, "unsupported_grant_type", "grant_type '' is not supported here"),
    ({"grant_type": "password"}, "unsupported_grant_type", "grant_type 'password' is not supported here"),
    (b"\xff=\xff", "invalid_request", "the body is no form of UTF-8 text"),
    (b"a=%ff", "invalid_request", "the body is no form of UTF-8 text"),
    ({"grant_type": EXCHANGE, "subject_token": "x"}, "invalid_request", f"subject_token_type must be {JWT_TYPE}"),
    ({"grant_type": EXCHANGE, "subject_token": "x", "subject_token_type": JWT_TYPE}, "invalid_grant",
     "subject_token is not valid"),
    ("&".join(f"a{number}=b" for number in range(60)).encode(), "invalid_request",
     "the body is no form of UTF-8 text")])
def test_request_that_asks_for_nothing_known_is_refused(
        pipeline: Workspace, form: object, error: str, description: str) -> None:
    reply = ask(pipeline, form)
    assert (reply.status, reply.body) == (400, {"error": error, "error_description": description})


def test_token_of_a_trusted_issuer_stands_for_the_service_principal(pipeline: Workspace) -> None:
    pipeline.trust_issuer(ISSUER, AUDIENCE, subject="sc://service", application_id=APPLICATION)
    token = pipeline.tenant.issue_federated_token(ISSUER, "sc://service", AUDIENCE)
    reply = exchange(pipeline, token, client_id=APPLICATION)
    assert me(pipeline, reply.body["access_token"]).body["userName"] == APPLICATION


def test_policy_of_the_account_lets_the_user_in_whom_the_subject_names(pipeline: Workspace) -> None:
    pipeline.add_user("anna@example.test")
    pipeline.trust_issuer(ISSUER, AUDIENCE)
    token = pipeline.tenant.issue_federated_token(ISSUER, "anna@example.test", AUDIENCE)
    reply = exchange(pipeline, token)
    assert me(pipeline, reply.body["access_token"]).body["userName"] == "anna@example.test"
    assert exchange(pipeline, token, client_id=APPLICATION).status == 400


@pytest.mark.parametrize(("issuer", "subject", "audience", "client_id"), [
    ("https://other.test", "s", AUDIENCE, APPLICATION), (ISSUER, "other", AUDIENCE, APPLICATION),
    (ISSUER, "s", "other", APPLICATION), (ISSUER, "s", AUDIENCE, "nobody"), (ISSUER, "s", AUDIENCE, "")])
def test_token_that_fits_no_policy_is_refused(pipeline: Workspace, issuer: str, subject: str, audience: str,
                                              client_id: str) -> None:
    pipeline.trust_issuer(ISSUER, AUDIENCE, subject="s", application_id=APPLICATION)
    token = pipeline.tenant.issue_federated_token(issuer, subject, audience)
    assert exchange(pipeline, token, client_id=client_id).body == {
        "error": "invalid_grant", "error_description": "subject_token fits no federation policy"}


def test_switched_off_service_principal_exchanges_nothing(pipeline: Workspace) -> None:
    pipeline.trust_issuer(ISSUER, AUDIENCE, subject="s", application_id=APPLICATION)
    token = pipeline.tenant.issue_federated_token(ISSUER, "s", AUDIENCE)
    assert exchange(pipeline, token, client_id=APPLICATION).status == 200
    pipeline.state.directory.change(pipeline.add_service_principal(APPLICATION).id, active=False)
    assert exchange(pipeline, token, client_id=APPLICATION).body["error"] == "invalid_grant"


def test_subject_token_that_is_over_is_refused(pipeline: Workspace, clock: FakeClock) -> None:
    pipeline.trust_issuer(ISSUER, AUDIENCE, subject="s", application_id=APPLICATION)
    token = pipeline.tenant.issue_federated_token(ISSUER, "s", AUDIENCE)
    clock.advance(600)
    assert exchange(pipeline, token, client_id=APPLICATION).status == 400


def test_issued_tokens_do_not_pile_up(clock: FakeClock, tmp_path: Path) -> None:
    pipeline = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path)
    pipeline.add_service_principal(APPLICATION)
    pipeline.add_oauth_secret(APPLICATION, SECRET)
    for _ in range(5):
        assert grant(pipeline).status == 200
        clock.advance(1800)
    pipeline.close()
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM records WHERE kind = 'oauth_token'").fetchone() == (2,)
