"""The kinds of objects that have permissions, and the levels of each: one line adds a kind."""
from __future__ import annotations

from dataclasses import dataclass

MANAGE = "CAN_MANAGE"


@dataclass(frozen=True)
class ObjectKind:
    """`levels` from the weakest to the strongest, each with its description.

    Of kinds with `admins_named`, admins hold their level by an entry of their own that no request may leave out, where
    they inherit it for all others.
    """

    segment: str
    object_type: str
    levels: dict[str, str]
    admins_named: bool = False

    def rank(self, level: str) -> int:
        return list(self.levels).index(level)

    @property
    def is_managed_by_admins(self) -> bool:
        """Whether nobody else can be given the right to change who may do what."""
        return MANAGE not in self.levels or self.admins_named


def _kind(segment: str, object_type: str, *levels: str) -> ObjectKind:
    """With plain descriptions: https://github.com/databricks/databricks-cli/blob/main/tests/permissions/test_cli.py."""
    return ObjectKind(segment, object_type, {
        level: f"{' '.join(word.capitalize() for word in level.split('_'))} permission on {object_type}"
        for level in levels})


_FILES = ("CAN_READ", "CAN_RUN", "CAN_EDIT", MANAGE)
CLUSTERS = _kind("clusters", "cluster", "CAN_ATTACH_TO", "CAN_RESTART", MANAGE)
JOBS = _kind("jobs", "job", "CAN_VIEW", "CAN_MANAGE_RUN", MANAGE, "IS_OWNER")
KINDS = {kind.segment: kind for kind in (
    CLUSTERS, JOBS,
    _kind("cluster-policies", "cluster-policy", "CAN_USE"),
    _kind("instance-pools", "instance-pool", "CAN_ATTACH_TO", MANAGE),
    _kind("repos", "repo", *_FILES), _kind("directories", "directory", *_FILES),
    _kind("notebooks", "notebook", *_FILES), _kind("files", "file", *_FILES),
    _kind("experiments", "mlflowExperiment", "CAN_READ", "CAN_EDIT", MANAGE),
    _kind("registered-models", "registered-model", "CAN_READ", "CAN_EDIT", "CAN_MANAGE_STAGING_VERSIONS",
          "CAN_MANAGE_PRODUCTION_VERSIONS", MANAGE),
)}
# Who may use a way to sign in: objects that every workspace has once, each a kind of its own under one segment.
TOKENS = ObjectKind("authorization", "tokens", {
    "CAN_USE": "Can use tokens", MANAGE: "Can use and modify permissions on tokens"}, admins_named=True)
PASSWORDS = ObjectKind("authorization", "passwords", {"CAN_USE": "Can use passwords"})
_AUTHORIZATION = {kind.object_type: kind for kind in (TOKENS, PASSWORDS)}


def find_kind(segment: str, object_id: str) -> ObjectKind | None:
    """The kind of an object by the last two parts of its path."""
    return _AUTHORIZATION.get(object_id) if segment == TOKENS.segment else KINDS.get(segment)
