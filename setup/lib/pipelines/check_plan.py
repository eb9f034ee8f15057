"""What has to happen to the checks of one resource: a pure comparison of what is wanted with what is there."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steps.lib.azure_devops.checks import Check, read_check


@dataclass(frozen=True)
class CheckChange:
    """`number` is that of the check which is there, 0 for a new one. `check` is None where it is taken away."""

    check: Check | None
    number: int = 0
    kind: str = ""

    def __str__(self) -> str:
        if self.check is None:
            return f"delete: {self.kind}, there twice"
        return f"{'edit' if self.number else 'create'}: {self.check.kind}"


def check_changes(wanted: Sequence[Check], present: Sequence[Mapping[str, Any]]) -> list[CheckChange]:
    """Checks of kinds that are not wanted stay as they are: they are somebody's own.

    One that somebody disabled guards nothing, so it does not count as there.
    https://learn.microsoft.com/azure/devops/pipelines/process/approvals#disable-a-check

    Of a wanted kind the first is ours; it is edited where none is as wanted. Exact doubles, which two set-up runs at
    once leave behind, are taken away.
    """
    active = [one for one in present if not one.get("isDisabled")]
    known = [(int(one["id"]), read_check(one)) for one in sorted(active, key=lambda one: int(one["id"]))]
    changes = []
    for check in wanted:
        of_kind = [(number, other) for number, other in known if other.kind == check.kind]
        same = [number for number, other in of_kind if check.same_as(other)]
        if not of_kind:
            changes.append(CheckChange(check))
        elif not same:
            changes.append(CheckChange(check, of_kind[0][0]))
        changes += [CheckChange(None, number, check.kind) for number in same[1:]]
    return changes
