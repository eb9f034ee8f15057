"""databricks-sdk as the judge of who is who: SCIM, tokens and permissions."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound, PermissionDenied, ResourceConflict
from databricks.sdk.service import iam
from databricks.sdk.service.settings import TokenAccessControlRequest, TokenPermissionLevel

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server

APPLICATION = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def client(workspace: Workspace) -> Iterator[WorkspaceClient]:
    with Server(workspace.application) as server:
        yield WorkspaceClient(host=server.url, token=workspace.token)


def test_iteration_over_pages_ends(workspace: Workspace, client: WorkspaceClient) -> None:
    """G1: 25 users in pages of ten, and an empty page at the end."""
    for number in range(24):
        workspace.add_user(f"user{number:02}@example.test")
    assert len({user.user_name for user in client.users.list(count=10)}) == 25
    pages = [entry for entry in workspace.log.entries() if entry.path.endswith("/Users")]
    assert len(pages) == 4


def test_user_lives_its_life(client: WorkspaceClient) -> None:
    """G2: create, find, change, PATCH, PUT, delete."""
    anna = client.users.create(user_name="anna@example.test", display_name="Anna",
                               entitlements=[iam.ComplexValue(value="allow-cluster-create")])
    assert anna.id is not None
    client.users.patch(anna.id, schemas=[iam.PatchSchema.URN_IETF_PARAMS_SCIM_API_MESSAGES_2_0_PATCH_OP], operations=[
        iam.Patch(op=iam.PatchOp.REPLACE, value={"active": False})])
    found, = client.users.list(filter='userName eq "anna@example.test"', attributes="id,userName,active")
    assert (found.active, found.display_name) == (False, None)
    client.users.update(anna.id, user_name="anna@example.test", display_name="A", active=True)
    assert client.users.get(anna.id).display_name == "A"
    client.users.delete(anna.id)
    with pytest.raises(NotFound):
        client.users.get(anna.id)


def test_second_user_of_a_name_is_a_conflict(client: WorkspaceClient) -> None:
    """G2: the SDK reads the shape of SCIM's errors."""
    client.users.create(user_name="anna@example.test")
    with pytest.raises(ResourceConflict, match="already exists"):
        client.users.create(user_name="Anna@example.test")


def test_group_takes_in_a_service_principal_and_lets_it_go(client: WorkspaceClient) -> None:
    pipeline = client.service_principals.create(application_id=APPLICATION, display_name="pipeline")
    team = client.groups.create(display_name="team", members=[iam.ComplexValue(value=pipeline.id)])
    assert team.id is not None
    assert [member.display for member in client.groups.get(team.id).members or []] == ["pipeline"]
    client.groups.patch(team.id, operations=[
        iam.Patch(op=iam.PatchOp.REMOVE, path=f'members[value eq "{pipeline.id}"]')])
    assert [group.members for group in client.groups.list(filter='displayName eq "team"')] == [[]]


def test_token_is_made_listed_and_revoked(workspace: Workspace, client: WorkspaceClient) -> None:
    made = client.tokens.create(comment="mine", lifetime_seconds=300)
    assert made.token_info is not None
    assert [token.comment for token in client.tokens.list()] == ["", "mine"]
    other = WorkspaceClient(host=client.config.host, token=made.token_value)
    assert other.current_user.me().user_name == workspace.token_user
    client.tokens.delete(str(made.token_info.token_id))
    with pytest.raises(PermissionDenied, match="Invalid access token"):
        other.current_user.me()


def test_token_on_behalf_of_a_service_principal(client: WorkspaceClient) -> None:
    client.service_principals.create(application_id=APPLICATION, display_name="pipeline")
    made = client.token_management.create_obo_token(APPLICATION, lifetime_seconds=300, comment="for it")
    assert [token.comment for token in client.token_management.list(created_by_username="admin@example.test")] == [
        "", "for it"]
    other = WorkspaceClient(host=client.config.host, token=made.token_value)
    assert other.current_user.me().user_name == APPLICATION


def test_permissions_are_set_and_updated(client: WorkspaceClient) -> None:
    """D1: set replaces, update adds."""
    client.users.create(user_name="anna@example.test")
    levels = client.token_management.get_permission_levels().permission_levels or []
    assert [level.permission_level for level in levels] == [TokenPermissionLevel.CAN_USE, None]
    client.permissions.set("authorization", "tokens", access_control_list=[
        iam.AccessControlRequest(group_name="admins", permission_level=iam.PermissionLevel.CAN_MANAGE)])
    found = client.token_management.update_permissions(access_control_list=[
        TokenAccessControlRequest(user_name="anna@example.test", permission_level=TokenPermissionLevel.CAN_USE)])
    names = [row.group_name or row.user_name for row in found.access_control_list or []]
    assert names == ["admins", "anna@example.test"]


def test_missing_owner_is_told_in_the_service_s_words(client: WorkspaceClient) -> None:
    """D2: as the SDK raises it."""
    job = client.jobs.create(name="job", tasks=[])
    with pytest.raises(InvalidParameterValue, match=r"The job must have exactly one owner\."):
        client.permissions.set("jobs", str(job.job_id), access_control_list=[])
