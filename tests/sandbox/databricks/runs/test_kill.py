"""A workspace that is killed while jobs are made and started has lost nothing that was acknowledged."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from sandbox.clock import FakeClock
from tests.sandbox.databricks.jobs.lives import Lives
from tests.sandbox.databricks.runs.driving import finish, look

_PROGRAM = """
import sys
from pathlib import Path
from sandbox.clock import FakeClock
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.jobs.lives import Lives
from tests.sandbox.databricks.runs.driving import look, start
client = Lives(Path(sys.argv[1]), FakeClock()).client
while True:
    job_id = create_job(client, tasks=[task("a", new_cluster=None), task("b", "a", new_cluster=None)])
    run_id = start(client, job_id, idempotency_token="once")
    print(job_id, run_id, look(client, run_id)["state"]["life_cycle_state"], flush=True)
"""


def test_kill_loses_no_job_and_no_run_that_was_acknowledged(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(tmp_path / "dev")], stdout=subprocess.PIPE,
                               text=True, cwd=Path(__file__).parents[4], env=dict(os.environ))
    assert process.stdout is not None
    with process:
        told = [process.stdout.readline().split() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        told += [line.split() for line in process.stdout.read().splitlines() if line.count(" ") == 2]
    client = Lives(tmp_path / "dev", FakeClock()).client
    for job_id, run_id, life in told:
        assert look(client, int(run_id))["state"]["life_cycle_state"] == {"PENDING": "RUNNING"}[life]
        again = client.post("2.2/jobs/run-now", job_id=int(job_id), idempotency_token="once")
        assert again.body["run_id"] == int(run_id)
    assert finish(client, int(told[-1][1]))["state"]["result_state"] == "SUCCESS"
