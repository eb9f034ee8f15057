"""Who signs in with Microsoft's own library, and databricks-sdk where it signs in by itself."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import AppRegistration
from sandbox.entra.tls import local_tls
from sandbox.http.server import Server
from tests.clients.conftest import client
from tests.clients.machine import Machine
from tests.clients.tunnel import tunnel

ANNA = "anna@example.test"
PASSWORD = "c0rrect horse"


@dataclass(frozen=True)
class SignIn:
    """`machine` trusts the authority of the tenant, which is at `authority`; `registration` is a member's."""

    machine: Machine
    authority: str
    registration: AppRegistration


@pytest.fixture
def sign_in(workspace: Workspace, host: str, machine: Machine, tmp_path: Path) -> Iterator[SignIn]:
    tls = local_tls(tmp_path / "tls")
    registration = workspace.tenant.register_application("pipeline", public_client=True)
    workspace.add_service_principal(registration.client_id, "pipeline")
    with Server(workspace.tenant.application, tls=tls.context) as entra:
        yield SignIn(machine.knowing(DATABRICKS_HOST=host, REQUESTS_CA_BUNDLE=str(tls.ca_file)), entra.url,
                     registration)


def test_msal_signs_an_application_and_a_user_in(workspace: Workspace, sign_in: SignIn) -> None:
    """H: client credentials, and a user's name and password, which msal looks up without the authority's port."""
    workspace.tenant.add_user(ANNA, PASSWORD)
    workspace.add_user(ANNA)
    tenant, registration = workspace.tenant.tenant_id, sign_in.registration
    with tunnel(int(sign_in.authority.rpartition(":")[2])) as proxy:
        shown = sign_in.machine.program(
            client("msal"), "msal_client", CLIENT_ID=registration.client_id,
            CLIENT_SECRET=registration.client_secret, AUTHORITY=f"{sign_in.authority}/{tenant}", TUNNEL=proxy,
            AUTHORITY_AT_443=f"https://localhost/{tenant}", USER_NAME=ANNA, USER_PASSWORD=PASSWORD)
    assert shown == [f"application {registration.client_id}", "kept in cache", "refused invalid_client 7000215",
                     f"user {ANNA}", f"account {ANNA}"]


def test_sdk_signs_in_by_itself(workspace: Workspace, sign_in: SignIn) -> None:
    """A10: discovery is answered without a token; H: a secret of Databricks' own, and one of Entra."""
    registration = sign_in.registration
    shown = sign_in.machine.program(
        client("databricks_sdk"), "sdk_login", ENTRA_AUTHORITY=sign_in.authority, ENTRA_ID=registration.client_id,
        ENTRA_SECRET=registration.client_secret, OAUTH_ID=registration.client_id,
        OAUTH_SECRET=workspace.add_oauth_secret(registration.client_id))
    assert shown == [f"oauth {registration.client_id}", f"entra {registration.client_id}"]
