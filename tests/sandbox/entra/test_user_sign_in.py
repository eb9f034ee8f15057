"""A user's name and password at the token endpoint: unmodified msal, and each refusal."""
from __future__ import annotations

from typing import Any

import msal  # type: ignore[import-untyped]
import pytest
import requests

from sandbox.entra.principals import Hindrance
from sandbox.entra.tenant import DATABRICKS
from tests.sandbox.entra.conftest import Login

ANNA = "anna@example.test"
SCOPE = f"{DATABRICKS}/.default"


@pytest.fixture
def public(login: Login) -> Login:
    """An application through which users sign in, and Anna, who has a password."""
    login.tenant.register_application("public", client_id=login.registration.client_id, public_client=True)
    login.tenant.add_user(ANNA, "c0rrect horse")
    return login


def signed_in(login: Login, **changes: str) -> dict[str, Any]:
    form = {"grant_type": "password", "client_secret": "", "username": ANNA, "password": "c0rrect horse",
            "scope": f"{SCOPE} openid profile offline_access", **changes}
    answer: dict[str, Any] = login.token(**form).json()
    return answer


class PortKeeping(requests.Session):
    """msal asks for the user realm without the port of the authority."""

    port = ""

    def get(self, url: str | bytes, **kwargs: Any) -> requests.Response:
        return super().get(str(url).replace("https://localhost/", f"https://localhost:{self.port}/"), **kwargs)


def test_msal_signs_a_user_in_and_keeps_the_account(public: Login) -> None:
    session = PortKeeping()
    session.verify, session.trust_env, session.port = public.session.verify, False, public.url.rpartition(":")[2]
    app = msal.ConfidentialClientApplication(
        public.registration.client_id, authority=f"{public.url}/{public.tenant.tenant_id}", http_client=session,
        instance_discovery=False)
    answer = app.acquire_token_by_username_password(ANNA, "c0rrect horse", [SCOPE])
    assert public.tenant.verify(answer["access_token"], DATABRICKS)["upn"] == ANNA
    (account,) = app.get_accounts()
    user = public.tenant.add_user(ANNA)
    assert (account["username"], account["home_account_id"]) == (ANNA, f"{user.object_id}.{public.tenant.tenant_id}")
    session.close()


@pytest.mark.parametrize(("changes", "code"), [
    ({"password": "wrong"}, 50126), ({"username": "x@example.test"}, 50034), ({"username": ""}, 900144),
    ({"password": ""}, 900144), ({"scope": "openid"}, 70011), ({"client_secret": "x"}, 7000215),
])
def test_a_wrong_sign_in_names_its_code(public: Login, changes: dict[str, str], code: int) -> None:
    assert signed_in(public, **changes)["error_codes"] == [code]


@pytest.mark.parametrize(("hindrance", "code", "suberror"), [
    (Hindrance.MFA_REQUIRED, 50076, "basic_action"), (Hindrance.MFA_ENROLMENT, 50079, "basic_action"),
    (Hindrance.PASSWORD_EXPIRED, 50055, "user_password_expired"),
    (Hindrance.CONDITIONAL_ACCESS, 53003, "message_only"),
    (Hindrance.DISABLED, 50057, None), (Hindrance.LOCKED, 50053, None),
])
def test_a_right_password_is_not_always_enough(public: Login, hindrance: Hindrance, code: int,
                                               suberror: str | None) -> None:
    public.tenant.add_user(ANNA, hindrance=hindrance)
    answer = signed_in(public)
    assert (answer["error"], answer["error_codes"], answer.get("suberror")) == ("invalid_grant", [code], suberror)


def test_what_hinders_a_user_is_not_told_to_whoever_guesses(public: Login) -> None:
    public.tenant.add_user(ANNA, hindrance=Hindrance.MFA_REQUIRED)
    assert signed_in(public, password="guess")["error_codes"] == [50126]


def test_a_user_without_a_password_cannot_sign_in(public: Login) -> None:
    public.tenant.add_user("bert@example.test")
    assert signed_in(public, username="bert@example.test", password="x")["error_codes"] == [50126]


def test_an_application_that_is_not_public_needs_its_secret(login: Login) -> None:
    login.tenant.add_user(ANNA, "c0rrect horse")
    assert signed_in(login)["error_codes"] == [7000218]
    assert "access_token" in signed_in(login, client_secret=login.registration.client_secret)


def test_an_application_without_consent_is_refused(public: Login) -> None:
    public.tenant.register_application("public", client_id=public.registration.client_id, public_client=True,
                                       consented=False)
    answer = signed_in(public)
    assert (answer["error_codes"], answer["suberror"]) == ([65001], "consent_required")


def test_a_password_is_not_shown_by_repr(public: Login) -> None:
    assert "c0rrect" not in repr(public.tenant.add_user(ANNA))
