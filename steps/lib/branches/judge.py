"""Which branches are merged and may go, each with the reason, and which stay and why."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.pull_requests import demands_pull_request
from steps.lib.azure_devops.repositories import BRANCHES, Repository
from steps.lib.branches.branch import Branch, refs_in_review
from steps.lib.branches.evidence import (
    Update,
    commits_ahead,
    had_own_commits,
    merging_pull_request,
    since_creation,
    updates_of,
)
from steps.lib.wording import counted


@dataclass(frozen=True)
class Judgement:
    branch: Branch
    goes: bool
    reason: str

    @property
    def line(self) -> str:
        verb = "delete" if self.goes else "unchanged"
        return f"{verb}: branch {self.branch.name!r} at {self.branch.tip[:12]} ({self.reason})"


@dataclass(frozen=True)
class Rules:
    """`prefixes` are what names of branches begin with that may go.

    Without a pull request a branch goes only `minimum_age` after its last push.
    """

    prefixes: tuple[str, ...]
    minimum_age: timedelta
    now: datetime

    def concern(self, branch: Branch, default: str) -> bool:
        return branch.ref != default and branch.name.startswith(self.prefixes)


def judged(devops: AzureDevOps, where: Repository, found: Sequence[Branch], rules: Rules) -> list[Judgement]:
    """One for each branch that the rules concern, which the default branch never is."""
    concerned = [branch for branch in found if rules.concern(branch, where.default_branch)]
    if not concerned:
        return []
    judge = _Judge(devops, where, rules, refs_in_review(devops, where), commits_ahead(devops, where))
    return [judge.judge(branch) for branch in concerned]


@dataclass
class _Judge:
    devops: AzureDevOps
    where: Repository
    rules: Rules
    in_review: set[str]
    ahead: dict[tuple[str, str], int]
    _of_default: list[Update] | None = field(default=None, repr=False)

    def judge(self, branch: Branch) -> Judgement:
        obstacle = self._obstacle(branch)
        if obstacle:
            return Judgement(branch, goes=False, reason=obstacle)
        goes, reason = self._merged(branch)
        if goes and demands_pull_request(self.devops, self.where, branch.ref):
            goes, reason = False, "a policy protects it"
        return Judgement(branch, goes, reason)

    def _obstacle(self, branch: Branch) -> str:
        if branch.is_locked:
            return "it is locked"
        return "a pull request is open" if branch.ref in self.in_review else ""

    def _merged(self, branch: Branch) -> tuple[bool, str]:
        number = merging_pull_request(self.devops, self.where, branch)
        if number is not None:
            return True, f"pull request {number} merged exactly this commit"
        ahead = self.ahead.get((branch.ref, branch.tip))
        if ahead is None:
            return False, "it moved while it was looked at"
        default = self.where.default_branch.removeprefix(BRANCHES)
        if ahead:
            return False, f"{counted(ahead, 'commit')} not in {default}, and no pull request merged exactly this one"
        return self._contained(branch, default)

    def _contained(self, branch: Branch, default: str) -> tuple[bool, str]:
        """The tip is in the default branch; a branch just made, or only brought up to date, looks the same."""
        updates = since_creation(updates_of(self.devops, self.where, branch.ref))
        if not had_own_commits(updates, self._default_updates()):
            return False, f"nothing proves that it ever had commits besides those of {default}"
        age = self.rules.now - updates[0].time
        if age < self.rules.minimum_age:
            return False, f"in {default}, but pushed less than {counted(self.rules.minimum_age.days, 'day')} ago"
        return True, f"its commits are in {default}, last pushed {counted(age.days, 'day')} ago"

    def _default_updates(self) -> list[Update]:
        if self._of_default is None:
            self._of_default = updates_of(self.devops, self.where, self.where.default_branch)
        return self._of_default
