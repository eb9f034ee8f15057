"""Measures and prints the figures of this project; run by `make bench`. Nothing here passes or fails."""
from __future__ import annotations

import platform
import subprocess
import sys
import time

from tests.benchmarks import engine, jobs, onboarding, requests_sent, step_start, workspace
from tests.benchmarks.site import open_site


def main() -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}")
    with open_site() as site:
        print(*requests_sent.of_runs(site), sep="\n")
        print(*requests_sent.of_search(site), sep="\n")
    with open_site() as site:
        print(*step_start.figures(site), sep="\n")
    print(*engine.figures(), sep="\n")
    print(*onboarding.figures(), sep="\n")
    print(*jobs.figures(), sep="\n")
    print(*workspace.figures(), sep="\n")
    print(_demo())


def _demo() -> str:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "sandbox", "demo"], stdout=subprocess.DEVNULL, check=False)
    return f"the whole demo: {time.perf_counter() - started:.1f} s, exit {done.returncode}"


if __name__ == "__main__":
    main()
