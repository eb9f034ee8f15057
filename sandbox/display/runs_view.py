"""What the pages of Azure DevOps would show of runs: the list, stages, logs, and who is asked to approve."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.display.devops_rest import DevopsRest, RefusedError

_COLUMNS = (5, 22, 28, 26)


@dataclass(frozen=True)
class Waiting:
    """A stage of `run` that waits for an approval, and the names of those who are asked."""

    id: str
    run: int
    pipeline: str
    approvers: tuple[str, ...]
    instructions: str

    def __str__(self) -> str:
        return f"run {self.run} of {self.pipeline} waits for {' or '.join(self.approvers)}"


@dataclass(frozen=True)
class RunsView:
    """Whoever `rest` calls as sees and decides what that person may."""

    rest: DevopsRest

    def page(self, most: int = 20) -> list[str]:
        """The newest runs, newest first."""
        rows = self.rest.rows("build/builds", **{"$top": str(most)})
        waiting = {one.run: one for one in self.waiting()}
        lines = [_line("run", "state", "pipeline", "for", "waits for")] if rows else ["No run yet."]
        for row in rows:
            asked = waiting.get(row["id"])
            lines.append(_line(str(row["id"]), row.get("result") or row["status"], row["definition"]["name"],
                               row["sourceBranch"].removeprefix("refs/heads/"),
                               f"approval by {' or '.join(asked.approvers)}" if asked else ""))
        return lines

    def waiting(self) -> list[Waiting]:
        rows = self.rest.rows("pipelines/approvals", state="pending", **{"$expand": "steps"})
        return [Waiting(row["id"], int(row["pipeline"]["owner"]["id"]), row["pipeline"]["name"],
                        tuple(step["assignedApprover"]["displayName"] for step in row["steps"]), row["instructions"])
                for row in rows]

    def decide(self, run: int | None, *, approved: bool, comment: str) -> Waiting:
        """Approve or reject what waits in `run`, or the only run that waits."""
        found = [one for one in self.waiting() if run in (None, one.run)]
        if len(found) != 1:
            which = "no run" if run is None else f"run {run} does not wait"
            message = (f"{len(found)} runs wait for an approval, name one: {', '.join(str(one.run) for one in found)}"
                       if found else f"{which} for an approval" if run else "no run waits for an approval")
            raise RefusedError(message)
        status = "approved" if approved else "rejected"
        self.rest.send("pipelines/approvals", [{"approvalId": found[0].id, "status": status, "comment": comment}],
                       method="PATCH")
        return found[0]

    def stages(self, run: int) -> list[str]:
        """Each stage and its jobs with what became of them."""
        records = self._timeline(run)
        return [line for stage in _children(records, None) if stage["type"] == "Stage"
                for line in [_state(stage), *(f"  {_state(one)}" for one in _below(records, stage["id"])
                                              if one["type"] == "Job")]]

    def logs(self, run: int, step: str = "") -> Iterator[str]:
        """Line by line what the steps printed, each under its name; only of those whose name contains `step`."""
        records = self._timeline(run)
        tasks = [one for one in records if one["type"] == "Task" and step.casefold() in one["name"].casefold()]
        if step and not tasks:
            known = ", ".join(dict.fromkeys(one["name"] for one in records if one["type"] == "Task"))
            message = f"run {run} has no step with {step!r} in its name, expected one of {known}"
            raise RefusedError(message)
        for one in tasks:
            yield f"{' / '.join([*_above(records, one), one['name']])}: {one['result'] or one['state']}"
            if one["log"]:
                text = self.rest.text(f"build/builds/{run}/logs/{one['log']['id']}")
                yield from (f"    {line}" for line in text.splitlines())

    def _timeline(self, run: int) -> list[dict[str, Any]]:
        records = self.rest.send(f"build/builds/{run}/timeline").get("records", [])
        if not records:
            state = self.rest.send(f"build/builds/{run}")
            problems = "; ".join(one["message"] for one in state.get("validationResults", []))
            message = f"run {run} has no steps: {problems or state['status']}"
            raise RefusedError(message)
        return list(records)


def _line(*cells: str) -> str:
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, _COLUMNS, strict=False)) + cells[-1]


def _state(record: dict[str, Any]) -> str:
    return f"{record['name']}: {record['result'] or record['state']}"


def _children(records: Sequence[dict[str, Any]], parent: str | None) -> list[dict[str, Any]]:
    return [one for one in records if one["parentId"] == parent]


def _below(records: Sequence[dict[str, Any]], parent: str) -> Iterator[dict[str, Any]]:
    for one in _children(records, parent):
        yield one
        yield from _below(records, one["id"])


def _above(records: Sequence[dict[str, Any]], record: dict[str, Any]) -> list[str]:
    """The stage and the job of a step."""
    by_id = {one["id"]: one for one in records}
    names: list[str] = []
    while (parent := by_id.get(record["parentId"] or "")) is not None:
        if parent["type"] in ("Stage", "Job"):
            names.insert(0, parent["name"])
        record = parent
    return names
