"""Who may do what with a cluster: people of the branch, entries of the team, service principals of the environment.

The result is the exact list the Permissions API takes, one entry for each principal, the highest level winning.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from steps.lib.config.provenance import Origin
from steps.lib.databricks.workspace import Workspace
from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.wording import aligned

CLUSTER_LEVELS = ("CAN_ATTACH_TO", "CAN_RESTART", "CAN_MANAGE")
PRINCIPAL_KINDS = {"user_name": "user", "group_name": "group", "service_principal_name": "service principal"}
_ADMINS = "admins"


@dataclass(frozen=True)
class Grant:
    """One principal and its level. `kind` is the key of the Permissions API, such as `user_name`."""

    kind: str
    name: str
    level: str
    origin: Origin

    @property
    def principal(self) -> tuple[str, str]:
        """Equal for one principal: the workspace finds names in any case."""
        return self.kind, self.name.casefold()


@dataclass(frozen=True)
class LevelRule:
    """What the team file says of the people a branch names."""

    default: str
    maximum: str
    origin: Origin


def level_rule(team: Document) -> LevelRule:
    path = ("clusters", "user_permission_level")
    return LevelRule(team.text_at((*path, "default")), team.text_at((*path, "maximum")),
                     Origin(team.file, team.line((*path, "maximum"))))


def rule_findings(team: Document, rule: LevelRule) -> list[Finding]:
    if _rank(rule.default) <= _rank(rule.maximum):
        return []
    path = ("clusters", "user_permission_level", "default")
    return [team.finding(path, f"got {rule.default!r}, expected at most the maximum {rule.maximum!r}")]


def grants_of(document: Document, top: JsonPath, default_level: str = "") -> list[Grant]:
    """The entries written at `top`: e-mail addresses, or objects as the API takes them with an optional level."""
    return [_grant(document, path, entry, default_level) for path, entry in _entries(document, top)]


def _entries(document: Document, top: JsonPath) -> list[tuple[JsonPath, Json]]:
    return [((*top, index), entry) for index, entry in enumerate(document.list(top)) if entry is not None]


def grants_of_environment(workspace: Workspace) -> list[Grant]:
    return [Grant("service_principal_name", principal.application_id, principal.permission_level,
                  Origin(workspace.file, principal.line)) for principal in workspace.service_principals]


def user_findings(document: Document, top: JsonPath, rule: LevelRule) -> list[Finding]:
    """Entries of a branch above the team's maximum, or for the group that holds all rights anyway."""
    findings = []
    for path, entry in _entries(document, top):
        grant = _grant(document, path, entry, rule.default)
        if _rank(grant.level) > _rank(rule.maximum):
            problem = f"got {grant.level!r}, expected at most {rule.maximum!r} as {rule.origin} allows"
            findings.append(document.finding((*path, "permission_level"), problem))
        if grant.principal == ("group_name", _ADMINS):
            problem = "the group 'admins' manages every cluster already, expected another group; remove the entry"
            findings.append(document.finding(path, problem))
    return findings


def combine(grants: Iterable[Grant]) -> list[Grant]:
    """Each principal once, in the order first named, with the highest level anyone gave it."""
    chosen: dict[tuple[str, str], Grant] = {}
    for grant in grants:
        known = chosen.setdefault(grant.principal, grant)
        if _rank(grant.level) > _rank(known.level):
            chosen[grant.principal] = grant
    return list(chosen.values())


def request_body(grants: Sequence[Grant]) -> dict[str, Json]:
    """The body of a Permissions API request."""
    return {"access_control_list": [{grant.kind: grant.name, "permission_level": grant.level} for grant in grants]}


def table(grants: Sequence[Grant]) -> list[str]:
    """Aligned lines `who  level  set by`, with a heading."""
    rows = sorted((f"{PRINCIPAL_KINDS[grant.kind]} {grant.name}", grant.level, str(grant.origin)) for grant in grants)
    return aligned([("who", "level", "set by"), *rows])


def _grant(document: Document, path: JsonPath, entry: Json, default_level: str) -> Grant:
    fields: dict[str, Json] = entry if isinstance(entry, dict) else {"user_name": entry}
    kind = next((key for key in PRINCIPAL_KINDS if key in fields), "user_name")
    level = str(fields.get("permission_level", default_level))
    return Grant(kind, str(fields.get(kind)), level, Origin(document.file, document.line(path)))


def _rank(level: str) -> int:
    return CLUSTER_LEVELS.index(level) if level in CLUSTER_LEVELS else -1
