"""A second workspace of the same folder knows the same people, with the same rights and ways to sign in."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.oauth.signing_in import APPLICATION, ISSUER, SECRET, exchange, grant

SCIM = "2.0/preview/scim/v2"
TOKEN = "dapi-of-the-admin"


class Restarting:
    """`admin` asks the workspace that runs now; all of them have the same tenant and clock."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.clock = clock
        self._folder = folder
        self._tenant = Tenant(clock=clock)
        self.workspace = self._open()

    def restart(self) -> Workspace:
        self.workspace.close()
        self.workspace = self._open()
        return self.workspace

    @property
    def admin(self) -> Client:
        return Client(self.workspace, TOKEN)

    def _open(self) -> Workspace:
        return Workspace("dev", tenant=self._tenant, clock=self.clock, folder=self._folder, token=TOKEN)


@pytest.fixture
def place(tmp_path: Path, clock: FakeClock) -> Restarting:
    """With a user in a group in a group, and a service principal."""
    place = Restarting(tmp_path, clock)
    anna = place.admin.post(f"{SCIM}/Users", userName="anna@example.test", displayName="Anna", externalId="x",
                            entitlements=[{"value": "allow-cluster-create"}], name={"givenName": "An"}).body["id"]
    team = place.admin.post(f"{SCIM}/Groups", displayName="team", members=[{"value": anna}]).body["id"]
    place.admin.post(f"{SCIM}/Groups", displayName="department", members=[{"value": team}])
    place.workspace.add_service_principal(APPLICATION, "pipeline")
    return place


@pytest.mark.parametrize("path", [f"{SCIM}/Users", f"{SCIM}/Groups", f"{SCIM}/ServicePrincipals", f"{SCIM}/Me",
                                  "2.0/groups/list", "2.0/permissions/authorization/tokens", "2.0/token/list",
                                  "2.0/token-management/tokens"])
def test_what_was_there_is_there_again(place: Restarting, path: str) -> None:
    before = place.admin.get(path).body
    place.clock.advance(60)
    place.restart()
    assert place.admin.get(path).body == before


def test_changes_and_removals_are_kept(place: Restarting) -> None:
    anna, = place.admin.get(f"{SCIM}/Users", filter="displayName eq Anna").body["Resources"]
    place.admin.ask("PATCH", f"{SCIM}/Users/{anna['id']}", {"Operations": [
        {"op": "replace", "path": "displayName", "value": "A"}, {"op": "remove", "path": "entitlements"}]})
    place.admin.post("2.0/groups/delete", group_name="department")
    place.restart()
    found = place.admin.get(f"{SCIM}/Users/{anna['id']}").body
    assert (found["displayName"], found["entitlements"]) == ("A", [])
    assert place.admin.get("2.0/groups/list").body["group_names"] == ["admins", "users", "team"]


def test_id_of_the_workspace_stays(place: Restarting) -> None:
    """G3: what clients remember of a workspace is still right."""
    before = place.workspace.state.org_id
    assert place.restart().state.org_id == before


def test_id_of_one_who_was_removed_is_given_to_nobody_else(place: Restarting) -> None:
    gone = place.admin.post(f"{SCIM}/Users", userName="gone@example.test").body["id"]
    place.admin.ask("DELETE", f"{SCIM}/Users/{gone}")
    place.restart()
    assert place.admin.post(f"{SCIM}/Users", userName="new@example.test").body["id"] > gone


def test_token_lets_in_again_until_it_ends(place: Restarting) -> None:
    """A8: with what is left of its time."""
    anna = Client(place.workspace, place.workspace.add_token("anna@example.test"))
    value = anna.post("2.0/token/create", lifetime_seconds=60).body["token_value"]
    place.clock.advance(59)
    assert Client(place.restart(), value).get(f"{SCIM}/Me").status == 200
    place.clock.advance(1)
    assert Client(place.restart(), value).get(f"{SCIM}/Me").status == 403


def test_secret_issued_token_and_trust_stay(place: Restarting) -> None:
    place.workspace.add_oauth_secret(APPLICATION, SECRET)
    place.workspace.trust_issuer(ISSUER, "aud", subject="s", application_id=APPLICATION)
    issued = grant(place.workspace).body["access_token"]
    workspace = place.restart()
    workspace.add_oauth_secret(APPLICATION, SECRET)
    assert (Client(workspace, issued).get(f"{SCIM}/Me").status, grant(workspace).status) == (200, 200)
    token = workspace.tenant.issue_federated_token(ISSUER, "s", "aud")
    assert exchange(workspace, token, client_id=APPLICATION).status == 200


def test_grants_stay_with_who_has_them(place: Restarting) -> None:
    """D1: direct entries are read back as they were."""
    entries = [{"group_name": "admins", "permission_level": "CAN_MANAGE"},
               {"user_name": "anna@example.test", "permission_level": "CAN_USE"},
               {"service_principal_name": APPLICATION, "permission_level": "CAN_USE"}]
    before = place.admin.ask("PUT", "2.0/permissions/authorization/tokens", {"access_control_list": entries}).body
    place.restart()
    assert place.admin.get("2.0/permissions/authorization/tokens").body == before
    assert len(before["access_control_list"]) == 3
