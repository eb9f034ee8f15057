"""The sign-in by user name and password, against a live tenant on a port of its own."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.entra.principals import Hindrance
from sandbox.entra.tenant import DATABRICKS
from sandbox.entra.tls import local_tls
from sandbox.http.faults import Fault, Faults
from sandbox.http.server import Server
from steps.lib.databricks.credentials import DATABRICKS_SCOPE
from steps.lib.entra import password
from steps.lib.entra.resource import Resource
from steps.lib.entra.sign_in import entra_token
from steps.lib.errors import InputError
from tests.steps.bench import Bench

ANNA = "anna@example.com"


@pytest.fixture
def person(bench: Bench) -> Bench:
    """A bench with a public application, and Anna who has a password."""
    bench.tenant.register_application("public", client_id=bench.principal.client_id, public_client=True)
    bench.tenant.add_user(ANNA, "c0rrect horse")
    bench.environ |= {"ENTRA_USERNAME": ANNA, "ENTRA_PASSWORD": "c0rrect horse", "ENTRA_CLIENT_SECRET": ""}
    return bench


def sign_in(bench: Bench, authority: str = "", **changed: str) -> str:
    resource = Resource("Azure Databricks", "https://h.test", DATABRICKS_SCOPE, "variable group g",
                        authority or bench.entra.url)
    environ = bench.environ | changed
    return entra_token(password.acquire, resource, environ, bench.clock, password.ADVICE).value


def refusal(bench: Bench, **changed: str) -> str:
    with pytest.raises(InputError) as caught:
        sign_in(bench, **changed)
    assert "c0rrect" not in str(caught.value)
    return str(caught.value)


def test_a_user_gets_a_token_from_an_authority_on_any_port(person: Bench) -> None:
    assert person.tenant.verify(sign_in(person), DATABRICKS)["upn"] == ANNA


def test_the_way_is_warned_of_without_a_warning_of_python(person: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    sign_in(person)
    assert "##vso[task.logissue type=warning]signing in with a user's name and password" in capsys.readouterr().out


@pytest.mark.parametrize(("hindrance", "advice"), [
    (Hindrance.MFA_REQUIRED, "the user needs a second factor"),
    (Hindrance.MFA_ENROLMENT, "the user has to set up a second factor"),
    (Hindrance.PASSWORD_EXPIRED, "the password has expired"),
    (Hindrance.CONDITIONAL_ACCESS, "a Conditional Access policy blocks the sign-in"),
    (Hindrance.DISABLED, "the user is disabled"),
    (Hindrance.LOCKED, "the user is locked"),
])
def test_what_hinders_a_user_is_told_with_what_to_do(person: Bench, hindrance: Hindrance, advice: str) -> None:
    person.tenant.add_user(ANNA, hindrance=hindrance)
    assert refusal(person).startswith(f"variable group g: Entra gave no token: {advice}")


@pytest.mark.parametrize(("changed", "advice"), [
    pytest.param({"ENTRA_PASSWORD": "wrong"}, "correct ENTRA_USERNAME or ENTRA_PASSWORD", id="password"),
    pytest.param({"ENTRA_USERNAME": "nobody@example.com"}, "the user is not known in this tenant", id="user"),
    pytest.param({"ENTRA_CLIENT_ID": "11111111-1111-4111-8111-111111111111"}, "the application is not known", id="app"),
])
def test_a_wrong_value_names_its_variable(person: Bench, changed: dict[str, str], advice: str) -> None:
    assert advice in refusal(person, **changed)


def test_an_application_that_is_not_public_names_the_switch(person: Bench) -> None:
    person.tenant.register_application("closed", client_id=person.principal.client_id)
    assert "in its app registration allow public client flows" in refusal(person)


def test_an_application_without_consent_names_the_admin(person: Bench) -> None:
    person.tenant.register_application("public", client_id=person.principal.client_id, public_client=True,
                                       consented=False)
    assert "let an Entra admin grant it consent for Azure Databricks" in refusal(person)


@pytest.mark.parametrize("user", ["anna", "anna@example.com/../x", "a?b@example.com", "a#@x.test", "a b@c.d", "@x"])
def test_a_name_that_would_change_an_address_is_refused(person: Bench, user: str) -> None:
    assert "expected a name like" in refusal(person, ENTRA_USERNAME=user)


@contextmanager
def realm(bench: Bench, tmp_path: Path, status: int, body: bytes) -> Iterator[tuple[str, dict[str, str], Faults]]:
    tls = local_tls(tmp_path / "tls")
    faults = Faults(bench.tenant.application)
    faults.add(Fault("/common/userrealm/*", status=status, body=body, times=None))
    with Server(faults, tls=tls.context) as server:
        yield server.url, {"REQUESTS_CA_BUNDLE": str(tls.ca_file)}, faults


def test_a_federated_account_is_refused_before_the_password_is_sent(person: Bench, tmp_path: Path) -> None:
    body = b'{"account_type": "Federated", "federation_active_auth_url": "https://evil.test/adfs"}'
    with realm(person, tmp_path, 200, body) as (url, trust, _), pytest.raises(InputError, match="another service"):
        sign_in(person, url, **trust)
