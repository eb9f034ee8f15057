"""What a bulk run has done so far, kept beside its file: a run that was stopped goes on where it ended."""
from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from setup.lib.bulk.inputs import Wish
from steps.lib.errors import InputError


@dataclass(frozen=True)
class Outcome:
    """`result` is `done` or `failed`; `wish` and `release` are what it was done for: another one is done again."""

    result: str
    summary: str
    team: str
    scaffold: bool
    release: str

    def covers(self, wish: Wish, release: str) -> bool:
        return (self.result, self.team, self.scaffold, self.release) == ("done", wish.team, wish.scaffold, release)


class Progress:
    """Outcomes by `project/name`. Every one is on disk before the next begins; safe to use from any thread.

    `library` is the address that the products come to depend on: of another one nothing is done yet.
    """

    def __init__(self, file: Path, library: str) -> None:
        self._file = file
        self._library = library
        self._lock = threading.Lock()
        self._outcomes = _read(file, library)

    def is_done(self, wish: Wish, release: str) -> bool:
        with self._lock:
            known = self._outcomes.get(wish.key)
            return known is not None and known.covers(wish, release)

    def put(self, wish: Wish, outcome: Outcome) -> None:
        with self._lock:
            self._outcomes[wish.key] = outcome
            data = {"library": self._library, "outcomes": {key: asdict(one) for key, one in self._outcomes.items()}}
            new = self._file.with_name(f"{self._file.name}.new")
            new.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            new.replace(self._file)


def progress_file(inputs: Path) -> Path:
    """`onboard.progress.json` for `onboard.json`."""
    return inputs.with_suffix(".progress.json")


def _read(file: Path, library: str) -> dict[str, Outcome]:
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        data: Mapping[str, Mapping[str, object]] = written["outcomes"]
        if written.get("library") != library:
            return {}
        return {key: Outcome(str(one["result"]), str(one["summary"]), str(one["team"]), bool(one["scaffold"]),
                             str(one["release"])) for key, one in data.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{file}: is no progress of a bulk run ({error}), expected what it wrote; delete the file"
        raise InputError([message]) from error
