"""What the embedded workspace bears: requests a second with few and many objects, memory, and how soon it answers."""
from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
COUNTS = (10, 1_000, 20_000)
CLIENTS = 16
SECONDS = 3.0


@dataclass(frozen=True)
class Served:
    """A workspace that serves; `start` is how many seconds its process took to the first answer."""

    url: str
    token: str
    clusters: tuple[str, ...]
    megabytes: float
    start: float

    def get(self, connection: http.client.HTTPConnection, path: str) -> None:
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
        reply = connection.getresponse()
        reply.read()
        if reply.status != 200:
            message = f"{path} answered {reply.status}"
            raise RuntimeError(message)

    def connect(self) -> http.client.HTTPConnection:
        place = urlsplit(self.url)
        return http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)


@contextmanager
def served(folder: Path, count: int) -> Iterator[Served]:
    """A workspace of `count` clusters and jobs in a process of its own."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "tests.benchmarks.workspace_server", str(folder), str(count)],
                          cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        workspace = Served(told["url"], told["token"], tuple(told["clusters"]), told["megabytes"], 0.0)
        workspace.get(workspace.connect(), "/api/2.1/clusters/list")
        yield Served(workspace.url, workspace.token, workspace.clusters, workspace.megabytes,
                     time.perf_counter() - started)
        process.communicate("")


def figures() -> list[str]:
    lines = [f"an embedded workspace, {CLIENTS} clients at once"]
    with tempfile.TemporaryDirectory() as place:
        for count in COUNTS:
            folder = Path(place, str(count))
            with served(folder, count) as workspace:
                lines += [_load(workspace, f"{name:<13} with {count:6,} objects", path)
                          for name, path in _paths(workspace).items()]
                lines.append(f"  memory with {count:,} clusters and {count:,} jobs: {workspace.megabytes:.0f} MB")
            with served(folder, count) as again:
                lines.append(f"  start to first answer with them kept from last time: {again.start:.2f} s")
        with served(Path(place, "new"), 0) as new:
            lines.append(f"  start to first answer of a new workspace: {new.start:.2f} s")
    return lines


def _paths(workspace: Served) -> dict[str, Callable[[], str]]:
    ids = cycle(workspace.clusters)
    return {"clusters/get": lambda: f"/api/2.1/clusters/get?cluster_id={next(ids)}",
            "clusters/list": lambda: "/api/2.1/clusters/list?page_size=20",
            "jobs/list": lambda: "/api/2.2/jobs/list?limit=20"}


def _load(workspace: Served, name: str, path: Callable[[], str]) -> str:
    took: list[float] = []
    ends = time.perf_counter() + SECONDS
    clients = [threading.Thread(target=_ask, args=(workspace, path, ends, took)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took.sort()
    middle, late = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    return f"  {name} {len(took) / SECONDS:6,.0f} requests/s, p50 {middle:5.1f} ms, p99 {late:5.1f} ms"


def _ask(workspace: Served, path: Callable[[], str], ends: float, took: list[float]) -> None:
    connection = workspace.connect()
    while time.perf_counter() < ends:
        began = time.perf_counter()
        workspace.get(connection, path())
        took.append(time.perf_counter() - began)


if __name__ == "__main__":
    print(*figures(), sep="\n")
