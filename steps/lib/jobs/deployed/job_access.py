"""Who may do what with a product's jobs: one owner, the team's groups, the principals of the environment.

Every job of an environment has the same list, in the shape of the Permissions API.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from steps.lib.access.access_control import Grant, grants_of, grants_of_environment
from steps.lib.access.permission_difference import MANAGE, Principal, keeps_control
from steps.lib.config.provenance import Origin
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.json_files.located_json import Document

ME = "/api/2.0/preview/scim/v2/Me"
OWNER = "IS_OWNER"
DEFAULT_LEVEL = "CAN_VIEW"
JOB_LEVELS = ("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", OWNER)
# workspaces.json gives one level for clusters and jobs, in the words of clusters: to restart one is to run the other.
_OF_CLUSTER_LEVEL = {"CAN_ATTACH_TO": "CAN_VIEW", "CAN_RESTART": "CAN_MANAGE_RUN"}
# What every job inherits from /jobs/.
INHERITED_BY_ALL = {Principal.named("group_name", "admins"): MANAGE}
_APPLICATION_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PLACE = ("jobs", "access_control_list")


def job_grants(team: Document, workspace: Workspace, me: Mapping[str, Any]) -> list[Grant]:
    """Each principal once with its highest level. The first principal of the environment owns the jobs.

    Where the environment has none, it is the caller, `me`, an answer of SCIM Me. An InputError where the list would
    leave the caller without power over the jobs.
    """
    principals = [Grant(one.kind, one.name, _OF_CLUSTER_LEVEL.get(one.level, one.level), one.origin)
                  for one in grants_of_environment(workspace)]
    owner = replace(principals[0], level=OWNER) if principals else _caller(me, workspace)
    grants = _highest([owner, *principals[1:], *grants_of(team, _PLACE, DEFAULT_LEVEL)])
    _check_control(me, grants, workspace)
    return grants


def place_of_principal(message: str, grants: Iterable[Grant]) -> Origin | None:
    """Where somebody wrote the principal that `message` names; the longest name where one is part of another."""
    named = [grant for grant in grants if grant.name.casefold() in message.casefold()]
    return max(named, key=lambda grant: len(grant.name)).origin if named else None


def _caller(me: Mapping[str, Any], workspace: Workspace) -> Grant:
    name = str(me.get("userName", ""))
    kind = "service_principal_name" if _APPLICATION_ID.fullmatch(name) else "user_name"
    return Grant(kind, name, OWNER, Origin(workspace.file))


def _check_control(me: Mapping[str, Any], grants: Iterable[Grant], workspace: Workspace) -> None:
    levels = {Principal.named(one.kind, one.name): MANAGE if one.level == OWNER else one.level for one in grants}
    if keeps_control(me, levels) or keeps_control(me, INHERITED_BY_ALL):
        return
    path = f"{workspace.environment.value}.service_principals"
    problem = (f"the pipeline's own principal {me.get('userName', '')!r} would lose CAN_MANAGE on the jobs, expected "
               "it in the list; add it there with CAN_MANAGE, first if it is to own them")
    raise InputError([Finding(workspace.file, path=path, problem=problem)])


def _highest(grants: Iterable[Grant]) -> list[Grant]:
    chosen: dict[tuple[str, str], Grant] = {}
    for grant in grants:
        known = chosen.setdefault(grant.principal, grant)
        if JOB_LEVELS.index(grant.level) > JOB_LEVELS.index(known.level):
            chosen[grant.principal] = grant
    return list(chosen.values())
