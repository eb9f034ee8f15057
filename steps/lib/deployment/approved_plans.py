"""Approve what you saw: a step applies the plan that was approved, and refuses to apply any other.

What the plan stage could not know yet is no difference: the id of a cluster or job `to be created`, and what it takes
to bring such a thing from its beginning to what is wanted. Neither is what changes by itself while an approver thinks:
an idle cluster stops, a restart lets a removed library go.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib.deployment.step_plan import StepPlan, read_plan, read_plans
from steps.lib.errors import InputError, ServiceError

TO_BE_CREATED = "to be created"
_CLUSTER_ID = re.compile(r"\b\d{4}-\d{6}-[0-9a-z]{8}\b")
# What a step says of the state of a thing, and not of what it is to be.
_BY_ITSELF = (
    (re.compile(r"^edit and start: "), "edit: "), (re.compile(r"^start: "), "unchanged: "),
    (re.compile(r", (PENDING|RUNNING|RESTARTING|RESIZING|TERMINATING|TERMINATED|ERROR|UNKNOWN)\)$"), ")"),
    (re.compile(r" \(waits for a restart\)$"), ""),
)
# How a thing begins that was to be created, and is tried then; whatever is taken away was approved or is not.
_MAKING = ("create: ", "edit: ", "unchanged: ", "run: ")
_GONE_BY_ITSELF = re.compile(r" was removed and leaves at the next restart$")

Block = tuple[str, ...]
"""A line and those that are indented below it."""


class StalePlanError(ServiceError):
    """What is to be done now is not what was approved. Nothing was written."""


@dataclass(frozen=True)
class ApprovedPlans:
    """`folder` has what the plan stage of this run published."""

    folder: Path

    def check(self, now: StepPlan) -> None:
        """A StalePlanError where `now` does more than the approved plan of its step, or leads somewhere else."""
        path = self.folder / f"{now.step}.json"
        if not path.is_file():
            message = (f"{now.step}: no plan of this step was approved, expected {path}; "
                       "start a new run with the plan stage of this environment")
            raise InputError([message])
        approved = read_plan(path)
        if (approved.run_id, approved.commit, approved.workspace) != (now.run_id, now.commit, now.workspace):
            message = (f"{now.step}: the plan that was approved is of run {approved.run_id!r} for "
                       f"{approved.workspace!r}, expected run {now.run_id!r} for {now.workspace!r}; start a new run")
            raise InputError([message])
        self._compare(approved, now)

    def _compare(self, approved: StepPlan, now: StepPlan) -> None:
        lines = differences(approved.lines, self._without_new_ids(now.lines))
        changed = sorted(name for name in {*approved.wanted, *now.wanted}
                         if approved.wanted.get(name) != now.wanted.get(name))
        if not lines and not changed:
            return
        message = (f"{now.step}: the plan is stale: since it was approved {_what(lines, changed)} changed, expected "
                   f"{now.workspace} and what it offers as they were; this step wrote nothing; start a new run, which "
                   "plans and asks again")
        raise StalePlanError(message, *(f"{now.step}: {line}" for line in lines),
                             *(f"{now.step}: generated/{name} is not as it was approved" for name in changed))

    def _without_new_ids(self, lines: Sequence[str]) -> list[str]:
        """`lines` with every cluster that no approved plan knows called as such a plan calls it."""
        known = {found for plan in read_plans(self.folder) for line in plan.lines
                 for found in _CLUSTER_ID.findall(line)}
        return [_CLUSTER_ID.sub(lambda found: found[0] if found[0] in known else TO_BE_CREATED, line)
                for line in lines]


def differences(approved: Sequence[str], now: Sequence[str]) -> list[str]:
    """What was approved and is not planned now, and the other way round; empty where the plans are one.

    Of a thing that was to be created it is enough that nothing is done to it beyond what was approved.
    """
    before, after = Counter(_blocks(approved)), Counter(_blocks(now))
    gone, new = list((before - after).elements()), list((after - before).elements())
    pending = [block for block in gone if TO_BE_CREATED in block[0]]
    details = {line for block in pending for line in block[1:]}
    begun = [block for block in new if block[0].startswith(_MAKING) and set(block[1:]) <= details][:len(pending)]
    return [*(f"approved, and not to be done now: {line}" for line in _told(gone, pending)),
            *(f"to be done now, and not approved: {line}" for line in _told(new, begun))]


def _told(blocks: Sequence[Block], excused: Sequence[Block]) -> Iterator[str]:
    left = Counter(blocks) - Counter(excused)
    for block in left.elements():
        yield "; ".join(line.strip() for line in block)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    block: list[str] = []
    for line in lines:
        if _GONE_BY_ITSELF.search(line):
            continue
        if block and not line.startswith(" "):
            yield tuple(block)
            block = []
        block.append(_settled(line))
    if block:
        yield tuple(block)


def _settled(line: str) -> str:
    for pattern, replacement in _BY_ITSELF:
        line = pattern.sub(replacement, line)
    return line


def _what(lines: Sequence[str], files: Sequence[str]) -> str:
    return " and ".join([*(["the workspace"] if lines else []), *(["what is wanted"] if files else [])])
