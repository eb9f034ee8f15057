"""databricks-sdk reads and changes who may do what: SCIM, permissions, tokens, secrets."""
from __future__ import annotations

import base64

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound, ResourceAlreadyExists, ResourceConflict
from databricks.sdk.service import compute, iam, jobs, workspace

LEVEL = iam.PermissionLevel
SPEC = compute.ClusterSpec(spark_version="16.4.x-scala2.12", node_type_id="Standard_DS3_v2", num_workers=1)
PRINCIPAL = "11111111-2222-3333-4444-555555555555"


def people(client: WorkspaceClient) -> None:
    names = [user.user_name for user in client.users.list(count=10)]
    assert len(names) == len(set(names)), names
    print("users", len(names))
    made = client.users.create(user_name="new@example.test", display_name="New")
    assert [user.id for user in client.users.list(filter='userName eq "new@example.test"')] == [made.id]
    try:
        client.users.create(user_name="new@example.test")
    except ResourceConflict:
        print("a user is there once")
    client.users.patch(made.id or "", schemas=[iam.PatchSchema.URN_IETF_PARAMS_SCIM_API_MESSAGES_2_0_PATCH_OP],
                       operations=[iam.Patch(op=iam.PatchOp.REPLACE, path="displayName", value="Newer")])
    assert client.users.get(made.id or "").display_name == "Newer"
    team = client.groups.create(display_name="judges", members=[iam.ComplexValue(value=made.id)])
    assert [member.display for member in client.groups.get(team.id or "").members or []] == ["Newer"]
    client.users.delete(made.id or "")
    assert not client.groups.get(team.id or "").members
    robot = client.service_principals.create(application_id=PRINCIPAL, display_name="robot")
    assert [one.id for one in client.service_principals.list()] == [robot.id]
    print("me", client.current_user.me().user_name, client.get_workspace_id())


def permissions(client: WorkspaceClient) -> None:
    job = client.jobs.create(name="shared", tasks=[jobs.Task(task_key="a", notebook_task=jobs.NotebookTask("/Shared/a"),
                                                             new_cluster=SPEC)])
    me, number = client.current_user.me().user_name, str(job.job_id)
    owner = iam.AccessControlRequest(user_name=me, permission_level=LEVEL.IS_OWNER)
    judges = iam.AccessControlRequest(group_name="judges", permission_level=LEVEL.CAN_VIEW)
    answer = client.permissions.set("jobs", number, access_control_list=[owner, judges])
    assert answer.object_id == f"/jobs/{number}"
    assert [row.group_name or row.user_name for row in answer.access_control_list or []] == [me, "judges", "admins"]
    robot = iam.AccessControlRequest(service_principal_name=PRINCIPAL, permission_level=LEVEL.CAN_MANAGE_RUN)
    changed = client.permissions.update("jobs", number, access_control_list=[robot])
    assert changed == client.permissions.get("jobs", number)
    assert len(changed.access_control_list or []) == 4
    try:
        client.permissions.set("jobs", number, access_control_list=[judges])
    except InvalidParameterValue as error:
        print("refused:", error)
    levels = client.permissions.get_permission_levels("jobs", number).permission_levels or []
    print("levels", *(row.permission_level.value for row in levels if row.permission_level))


def tokens(client: WorkspaceClient) -> None:
    made = client.tokens.create(comment="judge", lifetime_seconds=600)
    assert made.token_info is not None
    other = WorkspaceClient(host=client.config.host, token=made.token_value)
    print("a new token works for", other.current_user.me().user_name)
    assert made.token_info.token_id in [one.token_id for one in client.tokens.list()]
    client.tokens.delete(made.token_info.token_id or "")
    assert made.token_info.token_id not in [one.token_id for one in client.tokens.list()]


def secrets(client: WorkspaceClient) -> None:
    client.secrets.create_scope("judges")
    try:
        client.secrets.create_scope("judges")
    except ResourceAlreadyExists:
        print("a scope is there once")
    client.secrets.put_secret("judges", "key", string_value="kept")
    assert [row.key for row in client.secrets.list_secrets("judges")] == ["key"]
    assert base64.b64decode(client.secrets.get_secret("judges", "key").value or "") == b"kept"
    client.secrets.put_acl("judges", "judges", workspace.AclPermission.READ)
    assert len(list(client.secrets.list_acls("judges"))) == 2
    client.secrets.delete_secret("judges", "key")
    client.secrets.delete_scope("judges")
    try:
        list(client.secrets.list_secrets("judges"))
    except NotFound:
        print("a deleted scope is gone")


if __name__ == "__main__":
    sdk = WorkspaceClient()
    people(sdk)
    permissions(sdk)
    tokens(sdk)
    secrets(sdk)
