"""What onboarding costs: one repository and its repetition, and hundreds side by side against one after another."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from setup.onboard import PARALLEL
from tests.benchmarks.onboarding_server import name_of
from tests.benchmarks.peak_memory import run_measured
from tests.setup.bench import ROOT

LATENCY = 0.05
MANY = 200


@dataclass(frozen=True)
class Organisation:
    folder: Path
    url: str
    process: subprocess.Popen[str]

    def requests(self) -> tuple[int, int]:
        """Requests, and writes among them, since this was asked last."""
        given, taken = self.process.stdin, self.process.stdout
        assert given is not None
        assert taken is not None
        given.write("\n")
        given.flush()
        asked, writes = taken.readline().split()
        return int(asked), int(writes)

    def onboard(self, names: Sequence[str], parallel: int) -> tuple[float, float]:
        """Seconds and peak MB of `python -m setup.onboard` for `names`, start of the process included."""
        file = self.folder / "onboard.json"
        file.write_text(json.dumps({
            "organization_url": self.url, "cicd": {"project": "platform", "repository": "cicd"},
            "defaults": {"project": "analytics", "team": "data_science"}, "repositories": list(names)}))
        (self.folder / "onboard.progress.json").unlink(missing_ok=True)
        environ = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "AZURE_DEVOPS_EXT_PAT": "principals-token"}
        started = time.perf_counter()
        peak = run_measured("setup.onboard", "--repositories", str(file), "--parallel", str(parallel),
                            cwd=ROOT, env=environ)
        return time.perf_counter() - started, peak


def figures() -> Iterator[str]:
    yield f"onboarding with {LATENCY * 1000:.0f} ms for each request, python -m setup.onboard as a whole process"
    with organisation(1 + 2 * MANY) as site:
        names = [name_of(number) for number in range(1 + 2 * MANY)]
        alone, beside = names[1:1 + MANY], names[1 + MANY:]
        yield _measured(site, "one, first time", names[:1], 1)[1]
        yield _measured(site, "one, again", names[:1], 1)[1]
        slow, line = _measured(site, f"{MANY}, one by one", alone, 1)
        yield line
        fast, line = _measured(site, f"{MANY}, {PARALLEL} at once", beside, PARALLEL)
        yield f"{line}; {slow / fast:.1f} times as fast"
        yield _measured(site, f"{MANY}, again", beside, PARALLEL)[1]


@contextmanager
def organisation(count: int) -> Iterator[Organisation]:
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "tests.benchmarks.onboarding_server", f"{place}/organisation", str(count),
                   str(LATENCY)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield Organisation(Path(place), _stream(process.stdout).readline().strip(), process)
        finally:
            _stream(process.stdin).close()
            process.wait()


def _measured(site: Organisation, what: str, names: Sequence[str], parallel: int) -> tuple[float, str]:
    """Seconds, and the line that tells them."""
    seconds, megabytes = site.onboard(names, parallel)
    asked, writes = site.requests()
    return seconds, (f"  {what:<22}{seconds:6.1f} s, {asked} requests of which {writes} writes, "
                     f"{asked / len(names):.1f} for each repository, peak {megabytes:.0f} MB")


def _stream(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


if __name__ == "__main__":
    for line in figures():
        print(line, flush=True)
