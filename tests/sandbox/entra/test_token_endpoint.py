from __future__ import annotations

from typing import Any

import msal  # type: ignore[import-untyped]
import pytest

from sandbox.entra.tenant import DATABRICKS, MANAGEMENT, InvalidTokenError
from tests.sandbox.entra.conftest import Login

SCOPE = f"{DATABRICKS}/.default"


def msal_client(login: Login, **changes: str) -> msal.ConfidentialClientApplication:
    names = {"client_id": login.registration.client_id, "client_credential": login.registration.client_secret,
             "authority": f"{login.url}/{login.tenant.tenant_id}", **changes}
    return msal.ConfidentialClientApplication(**names, instance_discovery=False, http_client=login.session)


def test_msal_gets_a_token_that_the_tenant_recognises(login: Login) -> None:
    answer: dict[str, Any] = msal_client(login).acquire_token_for_client([SCOPE])
    claims = login.tenant.verify(answer["access_token"], DATABRICKS)
    assert claims["appid"] == login.registration.client_id
    assert answer["token_source"] == "identity_provider"


def test_instance_discovery_answers_with_the_tenants_own_configuration(login: Login) -> None:
    authority = f"{login.url}/{login.tenant.tenant_id}"
    reply = login.session.get(f"{login.url}/common/discovery/instance", timeout=30, params={
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize", "api-version": "1.0"})
    found = login.session.get(reply.json()["tenant_discovery_endpoint"], timeout=30).json()
    assert found["token_endpoint"] == f"{authority}/oauth2/v2.0/token"


def test_msal_hands_on_the_code_of_a_wrong_secret(login: Login) -> None:
    answer = msal_client(login, client_credential="wrong").acquire_token_for_client([SCOPE])
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [7000215])
    assert answer["error_description"].startswith("AADSTS7000215: ")


def test_msal_refuses_an_unknown_tenant_when_it_is_made(login: Login) -> None:
    with pytest.raises(ValueError, match=r"90002|authority"):
        msal_client(login, authority=f"{login.url}/another")


@pytest.mark.parametrize(("changes", "status", "error", "code"), [
    ({"client_secret": "x"}, 401, "invalid_client", 7000215),
    ({"client_secret": ""}, 401, "invalid_client", 7000218),
    ({"client_id": "nobody"}, 400, "unauthorized_client", 700016),
    ({"client_id": ""}, 400, "invalid_request", 900144),
    ({"scope": DATABRICKS}, 400, "invalid_scope", 70011),
    ({"scope": f"{SCOPE} openid/.default"}, 400, "invalid_scope", 70011),
    ({"scope": "https://other.test/.default"}, 400, "invalid_resource", 500011),
    ({"grant_type": "device_code"}, 400, "unsupported_grant_type", 70003),
], ids=["secret", "no secret", "app", "no app", "scope", "two scopes", "resource", "flow"])
def test_refusal_names_its_code(login: Login, changes: dict[str, str], status: int, error: str, code: int) -> None:
    reply = login.token(**changes)
    body = reply.json()
    assert (reply.status_code, body["error"], body["error_codes"]) == (status, error, [code])
    assert f"AADSTS{code}: " in body["error_description"]


def test_secret_past_its_end_is_refused(login: Login) -> None:
    ended = login.tenant.register_application("old", secret_ends=login.clock.now())
    reply = login.token(client_id=ended.client_id, client_secret=ended.client_secret)
    assert reply.json()["error_codes"] == [7000222]


def test_unknown_tenant_in_the_path_is_refused(login: Login) -> None:
    assert login.post("other/oauth2/v2.0/token").json()["error_codes"] == [90002]


def test_first_version_of_the_endpoint_takes_a_resource(login: Login) -> None:
    reply = login.post(f"{login.tenant.tenant_id}/oauth2/token", grant_type="client_credentials", resource=MANAGEMENT,
                       client_id=login.registration.client_id, client_secret=login.registration.client_secret)
    assert login.tenant.verify(reply.json()["access_token"], MANAGEMENT)["tid"] == login.tenant.tenant_id


def test_token_for_another_resource_is_not_verified(login: Login) -> None:
    token = login.token(scope=f"{MANAGEMENT}/.default").json()["access_token"]
    with pytest.raises(InvalidTokenError):
        login.tenant.verify(token, DATABRICKS)


def test_token_of_another_tenant_is_not_verified(login: Login) -> None:
    token = login.token().json()["access_token"]
    with pytest.raises(InvalidTokenError):
        type(login.tenant)(login.tenant.tenant_id, clock=login.clock).verify(token, DATABRICKS)


def test_token_expires_by_the_tenants_clock(login: Login) -> None:
    token = login.token().json()["access_token"]
    login.clock.advance(3598)
    login.tenant.verify(token, DATABRICKS)
    login.clock.advance(1)
    with pytest.raises(InvalidTokenError, match=r"expired"):
        login.tenant.verify(token, DATABRICKS)


@pytest.mark.parametrize(("user", "kind"), [("anna@example.test", "Managed"), ("x@elsewhere.test", "Unknown")])
def test_user_realm_knows_the_domains_of_its_users(login: Login, user: str, kind: str) -> None:
    login.tenant.add_user("bert@example.test")
    reply = login.session.get(f"{login.url}/common/userrealm/{user}?api-version=1.0", timeout=30)
    assert reply.json()["account_type"] == kind


def test_a_secret_is_not_shown_by_repr(login: Login) -> None:
    assert login.registration.client_secret not in repr(login.registration)
