"""An embedded organisation in a process of its own, bootstrapped and full of empty repositories, for `onboarding`.

    python -m tests.benchmarks.onboarding_server FOLDER REPOSITORIES LATENCY

Prints its address, and answers each line of its input with the number of requests since the last one.
"""
from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

from sandbox.http.faults import Fault
from sandbox.http.server import Server
from tests.setup.bench import SetupBench, furnished


def serve(folder: Path, count: int, latency: float) -> None:
    organisation = furnished(folder)
    for number in range(count):
        organisation.home.create_repository(name_of(number))
    with Server(organisation.application) as server:
        organisation.address = server.url
        bench = SetupBench(organisation, server, folder, {})
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert bench.bootstrap() == 0
        organisation.faults.add(Fault("*", when="late", delay=latency, times=None))
        print(bench.url, flush=True)
        organisation.log.clear()
        for _ in sys.stdin:
            print(len(organisation.log.entries()), len(bench.writes()), flush=True)
            organisation.log.clear()
    organisation.close()


def name_of(number: int) -> str:
    return f"product-{number:03d}"


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
