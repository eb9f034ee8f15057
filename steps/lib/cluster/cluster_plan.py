"""What has to be done so that a cluster is there, as it should be, and running. Pure."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from steps.lib.cluster.clusters import Cluster, Found
from steps.lib.cluster.difference import Change, differences
from steps.lib.config.conventions import IDENTITY_TAGS
from steps.lib.errors import InputError


class Action(str, Enum):
    CREATE = "create"
    EDIT = "edit"
    EDIT_AND_START = "edit and start"
    START = "start"
    UNCHANGED = "unchanged"


DONE = {
    Action.CREATE: "created with {}", Action.EDIT: "edited, {} changed",
    Action.EDIT_AND_START: "edited, {} changed, and started", Action.START: "started", Action.UNCHANGED: "unchanged",
}


@dataclass(frozen=True)
class Plan:
    """`cluster` is None where it has to be created; then each change goes from nothing to a value."""

    action: Action
    name: str
    cluster: Cluster | None
    changes: tuple[Change, ...]

    @property
    def count(self) -> int:
        """Calls that change something: an edit does not start a stopped cluster, so that makes two."""
        return {Action.UNCHANGED: 0, Action.EDIT_AND_START: 2}.get(self.action, 1)

    @property
    def lines(self) -> list[str]:
        if self.cluster is None:
            return [f"create: cluster {self.name!r}", *(f"  {change.path}: {change.new}" for change in self.changes)]
        return [f"{self.action.value}: cluster {self.name!r} ({self.cluster.cluster_id}, {self.cluster.state})",
                *(f"  {change}" for change in self.changes)]


def choose(found: Found, name: str) -> Cluster | None:
    """The cluster to work on; None where one has to be created. More than one, or one of our name only, is an error."""
    if len(found.ours) > 1:
        ids = ", ".join(f"{cluster.cluster_id} ({cluster.name!r}, {cluster.state})" for cluster in found.ours)
        message = (f"cluster {name!r}: {len(found.ours)} clusters carry the tags of this branch, expected one: {ids}; "
                   "delete those that are copies, or remove the tag managed_by from them")
        raise InputError([message])
    if found.namesakes and not found.ours:
        ids = ", ".join(cluster.cluster_id for cluster in found.namesakes)
        message = (f"cluster {name!r}: the workspace has a cluster of this name that has not the tags of this branch, "
                   f"expected none; {ids} is left alone: if it is this branch's, give it back the tags "
                   f"{', '.join(IDENTITY_TAGS)}, else let its owner rename or delete it, or rename the branch")
        raise InputError([message])
    return found.ours[0] if found.ours else None


def plan_for(desired: Mapping[str, object], present: Cluster | None) -> Plan:
    """What has to be done so that a running cluster is as `desired`, a body for clusters/create."""
    changes = tuple(differences(desired, present.body if present else {}))
    comes_up = present is not None and (present.is_usable or present.state in ("PENDING", "RESTARTING"))
    if present is None:
        action = Action.CREATE
    elif changes:
        action = Action.EDIT if comes_up else Action.EDIT_AND_START
    else:
        action = Action.UNCHANGED if comes_up else Action.START
    return Plan(action, str(desired.get("cluster_name", "")), present, changes)
