"""What a set-up step found and did, thing by thing: a table in the log, a section of the summary page, the record."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote

from setup.lib.settings import SetupSettings
from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.deployment.record import Record
from steps.lib.markdown import code
from steps.lib.wording import aligned, summed

_IN_AN_ADDRESS = "/:?&=%#@!$'*+,;~-._"


class State(str, Enum):
    """What became of a thing. `DIFFERS`: it is there, is not as shipped, and was left as it is."""

    CREATED = "created"
    PRESENT = "already there"
    UPDATED = "updated"
    DIFFERS = "differs"
    SKIPPED = "skipped"
    FAILED = "failed"


_CHANGING = (State.CREATED, State.UPDATED)
_PLANNED = {State.CREATED: "to be created", State.UPDATED: "to be updated"}


@dataclass(frozen=True)
class Row:
    """`detail` says more in a few words, `link` is an address in the organization."""

    thing: str
    state: State
    detail: str = ""
    link: str = ""


@dataclass
class Report:
    """`dry_run`: the rows say what would become of the things. `notes` are Markdown below the table.

    `quiet`: nothing is printed but the report, for many products are set up side by side.
    """

    dry_run: bool = False
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    quiet: bool = False

    def tell(self, line: str) -> None:
        """Print what is going on."""
        if not self.quiet:
            agent.info(line)

    def show_plan(self, lines: Iterable[str]) -> None:
        """Print what is going to be done, before it is."""
        self.tell("plan, of which nothing is done (DRY_RUN):" if self.dry_run else "plan:")
        for line in lines:
            self.tell(f"  {line}")

    def show_group(self, title: str, lines: Iterable[str]) -> None:
        """Print `lines` folded under `title`."""
        if not self.quiet:
            with agent.group(title):
                for line in lines:
                    agent.info(line)

    def add(self, thing: str, state: State, detail: str = "", link: str = "") -> None:
        self.rows.append(Row(thing, state, detail, link))

    @property
    def changes(self) -> int:
        return sum(row.state in _CHANGING for row in self.rows)

    @property
    def failed(self) -> bool:
        return any(row.state is State.FAILED for row in self.rows)

    def summary(self) -> str:
        """`3 created, 4 already there`."""
        counts = Counter(self._word(row) for row in self.rows)
        return summed({word: counts[word] for word in map(self._word_of, State)})

    def result(self) -> str:
        """For the record, as steps call it."""
        if self.failed:
            return f"failed: {self.summary()}"
        if self.dry_run:
            return f"planned: {self.summary()}"
        return "applied" if self.changes else "unchanged"

    def lines(self) -> list[str]:
        """The table for the log; whoever prints it disarms it."""
        rows = [(self._word(row), row.thing, " ".join(filter(None, (row.detail, row.link)))) for row in self.rows]
        return [line.rstrip() for line in aligned(rows)] if rows else []

    def markdown(self) -> list[str]:
        """The table for the summary page."""
        head = ["| thing | state | detail |", "|---|---|---|"]
        rows = [f"| {_cell(row.thing)} | {self._word(row)} | {_detail(row)} |" for row in self.rows]
        return [*(head if rows else []), *rows, *(["", *self.notes] if self.notes else [])]

    def _word(self, row: Row) -> str:
        return self._word_of(row.state)

    def _word_of(self, state: State) -> str:
        return _PLANNED.get(state, state.value) if self.dry_run else state.value


@contextmanager
def reporting(step: str, settings: SetupSettings, clock: Clock) -> Iterator[Report]:
    """A report that is shown, and put on record, when the block ends; also when it fails, with the rows so far."""
    report = Report(settings.dry_run)
    record = Record(settings.generated, settings.origin, clock)
    with record.entry(step, settings.product, []) as entry:
        entry.kind = "repository"
        try:
            yield report
        finally:
            entry.plan = report.lines()
            entry.section = report.markdown()
            for line in entry.plan:
                agent.info(f"  {line}")
        entry.result = report.result()
    agent.info(f"{step.replace('_', ' ')}: {report.summary()}")
    if settings.dry_run:
        agent.set_output("changes", str(report.changes))
        agent.info("dry run: nothing was changed")


def _detail(row: Row) -> str:
    link = f"[open](<{quote(row.link, safe=_IN_AN_ADDRESS)}>)" if row.link.startswith(("https://", "http://")) else ""
    return " ".join(filter(None, (_cell(row.detail), link)))


def _cell(text: str) -> str:
    """A cell ends at every bar, also at one inside code: https://github.github.com/gfm/#tables-extension-."""
    return code(text).replace("|", "\\|")
