"""What a run did, for whoever asks later: an entry in `deployment_record.json`, a section on the run's summary page."""
from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.deployment.approved_plans import ApprovedPlans
from steps.lib.deployment.step_plan import StepPlan, wanted_files
from steps.lib.errors import InputError, StepError
from steps.lib.markdown import code, code_block
from steps.lib.settings import Reader

RECORD = "deployment_record.json"
SUMMARY_DIRECTORY = "summary"


@dataclass(frozen=True)
class Origin:
    """What started the run. `requested_for` is empty where the service names nobody."""

    run_id: str
    commit: str
    requested_for: str

    @classmethod
    def read(cls, reader: Reader) -> Origin:
        return cls(reader.text("RUN_ID"), reader.text("SOURCE_COMMIT"), reader.optional("REQUESTED_FOR") or "")


@dataclass
class Entry:
    """One step's part of the record. The step sets `result` when it is through: `applied`, `planned`, `unchanged`.

    `workspace` is the place it changes, and `kind` what people call such a place.
    `section` is Markdown for the summary page in place of the plan; whoever makes it disarms what is not ours.
    """

    step: str
    workspace: str
    plan: Sequence[str]
    result: str = "failed"
    section: Sequence[str] = ()
    kind: str = "workspace"


@dataclass(frozen=True)
class Record:
    """Where entries go. `directory` is that of the generated files.

    With `keeps_plan` the plan of each entry is kept there for an approval; with `approved` it has to be the one that
    was approved. With both it is only compared: what was planned is on record already. A run goes to several
    environments, so the summary page names the `environment`, if there is one.
    """

    directory: Path
    origin: Origin
    clock: Clock
    keeps_plan: bool = False
    approved: ApprovedPlans | None = None
    environment: str = ""

    @contextmanager
    def entry(self, step: str, workspace: str, plan: Sequence[str]) -> Iterator[Entry]:
        """Write the entry when the block ends, also when it fails: what was already done must be on record.

        A StalePlanError before the block begins where the plan is not the approved one.
        """
        entry = Entry(step, workspace, plan)
        try:
            self._settle(entry)
            yield entry
        except StepError as error:
            entry.result = f"failed: {agent.show(error.lines[0])}"
            raise
        finally:
            if not (self.keeps_plan and self.approved):
                self._keep(entry)

    def _settle(self, entry: Entry) -> None:
        now = StepPlan(entry.step, entry.workspace, self.origin.run_id, self.origin.commit, tuple(entry.plan),
                       wanted_files(self.directory))
        if self.keeps_plan:
            now.write(self.directory)
        if self.approved:
            self.approved.check(now)

    def _keep(self, entry: Entry) -> None:
        """An InputError takes the place of the step's own, so it tells the step's result as well."""
        try:
            self._append(entry)
            self._summarise(entry)
        except (OSError, UnicodeEncodeError) as error:
            message = (f"{self.directory}: the deployment record cannot be kept ({error}), expected a folder to write "
                       "to and text that UTF-8 can write; mend what GENERATED_DIRECTORY or REQUESTED_FOR says")
            raise InputError([message, f"{entry.step}: {entry.result}"]) from error

    def _append(self, entry: Entry) -> None:
        path = self.directory / RECORD
        data = {"step": entry.step, "time": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "requested_for": self.origin.requested_for, "commit": self.origin.commit, "run_id": self.origin.run_id,
                entry.kind: entry.workspace, "plan": list(entry.plan), "result": entry.result}
        text = json.dumps({"entries": [*_entries(path), data]}, indent=2, ensure_ascii=False)
        _write_whole(path, f"{text}\n")
        agent.set_output("deploymentRecord", str(path.resolve()))

    def _summarise(self, entry: Entry) -> None:
        path = self.directory / SUMMARY_DIRECTORY / f"{entry.step}.md"
        place = f" in {self.environment}" if self.environment else ""
        title = entry.step.replace("_", " ").capitalize() + place
        commit = code(self.origin.commit[:12])
        # A set-up runs from this library's repository: the commit is none of the product's.
        whose = "commit" if entry.kind == "workspace" else "by the library at commit"
        facts = f"Result {code(entry.result)}, {entry.kind} {code(entry.workspace)}, {whose} {commit}"
        lines = [f"### {title}", "", facts, "", *(entry.section or code_block(entry.plan)), ""]
        _write_whole(path, "\n".join(lines))
        agent.upload_summary(str(path.resolve()))


def _entries(path: Path) -> list[Any]:
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["entries"]
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error
    if not isinstance(entries, list):
        raise _unreadable(path)
    return entries


def _unreadable(path: Path) -> InputError:
    message = f"{path}: is no deployment record, expected an object with a list 'entries'; delete the file"
    return InputError([message])


def _write_whole(path: Path, text: str) -> None:
    """All or nothing: a step that is killed here leaves the old file as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
