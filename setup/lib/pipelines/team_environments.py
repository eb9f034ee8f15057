"""What guards the ADO environments of a team's products: `teams/<team>/environments.json`."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steps.lib.config.team import Team
from steps.lib.errors import InputError
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.located_json import Document
from steps.lib.validation.schema_check import check

FILE = "environments"
PROMOTED = ("dev", "test", "prod")


@dataclass(frozen=True)
class Approver:
    """An e-mail address or the name of a group, and where the team file says so."""

    name: str
    line: int


@dataclass(frozen=True)
class ApprovalRule:
    """`minimum` 0 asks all of them; `timeout` is in minutes."""

    approvers: tuple[Approver, ...]
    minimum: int
    in_sequence: bool
    requester_may: bool
    instructions: str
    timeout: int


@dataclass(frozen=True)
class Guard:
    """`allowed_refs` None stands for the product's default branch and every tag."""

    exclusive_lock: bool
    allowed_refs: tuple[str, ...] | None
    approval: ApprovalRule | None


@dataclass(frozen=True)
class TeamEnvironments:
    file: str
    guards: dict[str, Guard]

    def approvers(self) -> list[Approver]:
        """Everyone the file names, each once."""
        named = [one for guard in self.guards.values() if guard.approval for one in guard.approval.approvers]
        return list({one.name.casefold(): one for one in named}.values())


def team_environments(team: Team) -> TeamEnvironments:
    """The file, checked; an InputError with everything that is wrong in it."""
    document = team.document(FILE)
    findings = check(document, FILE).findings
    if findings:
        raise InputError(findings)
    return TeamEnvironments(document.file, {name: _guard(document, name) for name in PROMOTED})


def _guard(document: Document, name: str) -> Guard:
    refs = document.get((name, "allowedBranches"))
    allowed = tuple(map(str, refs)) if isinstance(refs, list) else None
    return Guard(bool(document.get((name, "exclusiveLock"))), allowed, _approval(document, (name, "approval")))


def _approval(document: Document, path: JsonPath) -> ApprovalRule | None:
    if document.get(path) is None:
        return None
    names: Sequence[object] = document.list((*path, "approvers"))
    approvers = tuple(Approver(str(name), document.line((*path, "approvers", index)))
                      for index, name in enumerate(names))
    requester_may_not = document.get((*path, "requesterCannotBeApprover"))
    return ApprovalRule(
        approvers,
        minimum=int(str(document.get((*path, "minRequiredApprovers")) or 0)),
        in_sequence=document.get((*path, "executionOrder")) == "inSequence",
        requester_may=requester_may_not is False,
        instructions=str(document.get((*path, "instructions")) or ""),
        timeout=int(str(document.get((*path, "timeout")) or 43200)),
    )
