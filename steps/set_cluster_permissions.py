"""Reserves the cluster for the people of the branch: sets exactly the generated access control list, if it differs.

Reads: TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, CLUSTER_ID, DRY_RUN, RUN_ID,
    SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; access_control_list.json of the generated files.
Sets: deploymentRecord, the path of the record; with DRY_RUN changes, the number of changes that wait.
Changes: the entries set directly on the cluster CLUSTER_ID; inherited ones stay as they are.
"""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from steps.lib import agent
from steps.lib.access.permission_difference import (
    MANAGE,
    GrantChange,
    Principal,
    differences,
    granted,
    keeps_control,
    requested,
)
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.connection import connect
from steps.lib.databricks.errors import BadRequest, DatabricksError, ResourceDoesNotExist
from steps.lib.deployment.cluster_settings import ClusterSettings as Settings
from steps.lib.deployment.deployment import Deployment
from steps.lib.deployment.origins import places_of_principals
from steps.lib.errors import InputError, ServiceError
from steps.lib.findings import Finding
from steps.lib.waiting import Waiting
from steps.lib.wording import summed

STEP = "set_cluster_permissions"
PERMISSIONS = "/api/2.0/permissions/clusters/"
ME = "/api/2.0/preview/scim/v2/Me"
# Reads of permissions may lag behind a write for a moment.
READ_BACK_LIMIT_SECONDS = 30.0

Grants = Mapping[Principal, str]
# What every cluster inherits from /clusters/, also one that is still to be created.
INHERITED_BY_ALL: Grants = {Principal.named("group_name", "admins"): MANAGE}


def check_control(me: Mapping[str, Any], desired: Grants, inherited: Grants, deployment: Deployment) -> None:
    """An InputError where `desired` would leave the caller, an answer of SCIM Me, without CAN_MANAGE."""
    if keeps_control(me, desired) or keeps_control(me, inherited):
        return
    workspace = deployment.workspace
    path = f"{workspace.environment.value}.service_principals"
    problem = (f"the pipeline's own principal {me.get('userName', '')!r} would lose CAN_MANAGE on the cluster, "
               "expected it in the list; add it there with CAN_MANAGE")
    raise InputError([Finding(workspace.file, path=path, problem=problem)])


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    deployment = settings.deployment
    entries = deployment.generated_file("access_control_list.json").get("access_control_list", [])
    desired = requested(entries)
    with connect(deployment.workspace, environ, clock) as databricks:
        present = _read(databricks, settings.cluster_id)
        inherited = granted(present, inherited=True) if settings.cluster_id else INHERITED_BY_ALL
        check_control(databricks.get(ME), desired, inherited, deployment)
        changes = differences(desired, granted(present, inherited=False))
        lines = _lines(settings.cluster_id, changes)
        deployment.show_plan(lines)
        with deployment.record(clock).entry(STEP, databricks.host, lines) as entry:
            if deployment.dry_run:
                entry.result = deployment.planned(len(changes))
                return
            if changes:
                _apply(databricks, settings, entries, Waiting(clock, READ_BACK_LIMIT_SECONDS))
            entry.result = "applied" if changes else "unchanged"
    agent.info(_summary(changes, len(desired)))


def _read(databricks: Databricks, cluster_id: str | None) -> Mapping[str, Any]:
    return databricks.get(PERMISSIONS + cluster_id) if cluster_id else {}


def _apply(databricks: Databricks, settings: Settings, entries: Sequence[Mapping[str, Any]], waiting: Waiting) -> None:
    cluster_id = str(settings.cluster_id)
    agent.info(f"set the access control list of cluster {cluster_id}")
    try:
        databricks.put(PERMISSIONS + cluster_id, {"access_control_list": entries})
    except (BadRequest, ResourceDoesNotExist) as error:
        raise _refused(error, settings.deployment) from error
    while True:
        left = differences(requested(entries), granted(_read(databricks, cluster_id), inherited=False))
        if not left:
            return
        if not waiting.pause():
            message = (f"cluster {cluster_id}: the workspace took the access control list and still shows another one; "
                       f"left to do: {'; '.join(map(str, left))}; run the pipeline again")
            raise ServiceError(message)


def _refused(error: DatabricksError, deployment: Deployment) -> InputError:
    """The service names who it does not take; the places are where somebody wrote that."""
    problem = f"the workspace does not take it: {error.message!r}; correct the entry, or let an admin add the principal"
    return InputError([Finding(place.file, place.line, problem=problem)
                       for place in places_of_principals(error.message, deployment)])


def _lines(cluster_id: str | None, changes: Sequence[GrantChange]) -> list[str]:
    action = "edit" if changes else "unchanged"
    return [f"{action}: permissions of cluster {cluster_id or 'to be created'}", *(f"  {one}" for one in changes)]


def _summary(changes: Sequence[GrantChange], total: int) -> str:
    new = sum(change.before is None for change in changes)
    gone = sum(change.after is None for change in changes)
    changed = len(changes) - new - gone
    return "permissions: " + summed({"granted": new, "changed": changed, "revoked": gone,
                                     "unchanged": total - new - changed})


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
