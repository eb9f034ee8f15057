"""How long a step process takes until its first request, and its memory, beside bare Python and `import requests`."""
from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.peak_memory import peak_in, peak_of
from tests.benchmarks.site import Site

RUNS = 9
SHOW_MEMORY = "; print(open('/proc/self/status').read())"


def figures(site: Site) -> list[str]:
    site.run_pipeline()
    bare = _whole([sys.executable, "-c", "pass" + SHOW_MEMORY], site)
    client = _whole([sys.executable, "-c", "import requests" + SHOW_MEMORY], site)
    lines = ["step process, median of 9: milliseconds until the first request (whole process for the first two), MB",
             _line("python -c pass", bare, client), _line("python -c 'import requests'", client, client)]
    for step in ("generate_cluster_config", "create_or_edit_cluster", "set_cluster_permissions", "install_libraries"):
        lines.append(_line(f"{step} (access token)", _first_request(site, step, token=True), client))
        lines.append(_line(f"{step} (service principal)", _first_request(site, step, token=False), client))
    return lines


def _line(name: str, measured: tuple[float, float], client: tuple[float, float]) -> str:
    milliseconds, megabytes = measured
    return f"  {name:<48}{milliseconds:7.0f} ms {megabytes:6.1f} MB  {milliseconds / client[0]:5.2f} x import requests"


def _whole(command: Sequence[str], site: Site) -> tuple[float, float]:
    samples = []
    for _ in range(RUNS):
        started = time.perf_counter()
        done = subprocess.run(command, env=dict(site.environ), capture_output=True, text=True, check=True)
        samples.append(((time.perf_counter() - started) * 1000, peak_in(done.stdout)))
    return _median(samples)


def _first_request(site: Site, step: str, *, token: bool) -> tuple[float, float]:
    """Until something connects to the host the step asks first: a listener that takes the connection and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        environ = {**site.environ, "CLUSTER_ID": "0101-000000-abcdefgh",
                   "TEAMS_DIRECTORY": str(_teams_at(site, address))}
        if token:
            environ = {key: value for key, value in environ.items() if not key.startswith("ENTRA_")}
            environ["DATABRICKS_TOKEN"] = "dapi0"
        command, folder = site.command(step), site.folder / "cicd"
        return _median([_timed(command, environ, folder, listener) for _ in range(RUNS)])


def _teams_at(site: Site, address: str) -> Path:
    """A copy of the team files in which the workspace and the authority are at `address`."""
    copy = site.folder / f"teams-{address.rpartition(':')[2]}"
    subprocess.run(["cp", "-r", site.folder / "cicd/teams", copy], check=True)
    for file in copy.glob("*/workspaces.json"):
        text = file.read_text(encoding="utf-8").replace(site.world.databricks_hosts()["local"], f"http://{address}")
        file.write_text(text.replace(site.world.authority, f"https://{address}"), encoding="utf-8")
    return copy


def _timed(command: Sequence[str], environ: Mapping[str, str], folder: Path,
           listener: socket.socket) -> tuple[float, float]:
    listener.settimeout(20)
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=dict(environ), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    connection, _ = listener.accept()
    seconds = time.perf_counter() - started
    with connection:
        memory = peak_of(process.pid)
        process.kill()
        process.wait()
    return seconds * 1000, memory


def _median(samples: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(one for one, _ in samples), statistics.median(two for _, two in samples)
