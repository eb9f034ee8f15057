"""Random calls about jobs and runs, with restarts between them, against a small model of the same."""
from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, precondition, rule

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.jobs.lives import Lives
from tests.sandbox.databricks.runs.run_model import ModelJob, ModelRun

_NAMES = st.sampled_from(["churn", "Churn", "sales"])


class Jobs(RuleBasedStateMachine):
    """E2, E6, E7, E8, E9: what a client sees of jobs and runs, step by step."""

    jobs = Bundle("jobs")
    runs = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.lives = Lives(self.folder / "dev", FakeClock())
        self.model: dict[int, ModelJob] = {}
        self.deleted: dict[int, ModelJob] = {}
        self.calls = 0

    @property
    def client(self) -> Client:
        return self.lives.client

    def teardown(self) -> None:
        self.lives.workspace.close()
        shutil.rmtree(self.folder)

    @rule(target=jobs, name=_NAMES, queues=st.booleans())
    def create(self, name: str, queues: bool) -> int:
        job_id = create_job(self.client, name=name, queue={"enabled": queues}, tasks=[task(new_cluster=None)])
        self.model[job_id] = ModelJob(name, queues)
        return job_id

    @rule(job_id=jobs, name=_NAMES, queues=st.booleans())
    def reset(self, job_id: int, name: str, queues: bool) -> None:
        new = {"name": name, "queue": {"enabled": queues}, "tasks": [task(new_cluster=None)]}
        reply = self.client.post("2.2/jobs/reset", job_id=job_id, new_settings=new)
        if self._is_there(job_id, reply):
            self.model[job_id].name, self.model[job_id].queues = name, queues

    @rule(job_id=consumes(jobs))
    def delete(self, job_id: int) -> None:
        assert self.client.post("2.2/jobs/delete", job_id=job_id).status == 200
        self.deleted[job_id] = self.model.pop(job_id)
        for run in self.deleted[job_id].runs.values():
            run.cancelled |= not run.is_over

    @rule(target=runs, job_id=jobs, token=st.sampled_from(["", "a", "b"]))
    def run_now(self, job_id: int, token: str) -> object:
        job = self.model[job_id]
        run_id = self.client.post("2.2/jobs/run-now", job_id=job_id, idempotency_token=token).body["run_id"]
        if token in job.tokens:
            assert run_id == job.tokens[token]
            return multiple()
        job.start(run_id)
        job.tokens.update({token: run_id} if token else {})
        return run_id, job_id

    @rule(place=runs)
    def look(self, place: tuple[int, int]) -> None:
        run_id, job_id = place
        state = self.client.get("2.2/jobs/runs/get", run_id=str(run_id)).body["state"]
        assert (state["life_cycle_state"], state.get("result_state", "")) == self._job(job_id).look(run_id)

    @rule(place=runs)
    def cancel(self, place: tuple[int, int]) -> None:
        assert self.client.post("2.2/jobs/runs/cancel", run_id=place[0]).body == {}
        run = self._run(*place)
        run.cancelled |= not run.is_over

    @rule(place=runs)
    def repair_or_delete_while_active(self, place: tuple[int, int]) -> None:
        run_id, job_id = place
        self._job(job_id).settle()
        if not self._run(*place).is_over:
            for action, body in (("repair", {"rerun_tasks": ["train"]}), ("delete", {})):
                assert self.client.post(f"2.2/jobs/runs/{action}", run_id=run_id, **body).code == "INVALID_STATE"

    # A start costs as much as many calls.
    @precondition(lambda self: self.calls % 6 == 0)
    @rule()
    def restart(self) -> None:
        self.lives.workspace.close()
        self.lives.start()

    @invariant()
    def list_holds_every_job_under_its_name(self) -> None:
        self.calls += 1
        for name in (None, "CHURN"):
            body = self.client.get("2.2/jobs/list", limit="100", **({"name": name} if name else {})).body
            assert [(row["job_id"], row["settings"]["name"]) for row in body.get("jobs", ())] == [
                (job_id, job.name) for job_id, job in reversed(self.model.items())
                if name is None or job.name.lower() == "churn"]

    def _job(self, job_id: int) -> ModelJob:
        return self.model.get(job_id) or self.deleted[job_id]

    def _run(self, run_id: int, job_id: int) -> ModelRun:
        return self._job(job_id).runs[run_id]

    def _is_there(self, job_id: int, reply: Reply) -> bool:
        assert reply.status == (200 if job_id in self.model else 400)
        return job_id in self.model


TestJobs = Jobs.TestCase
TestJobs.settings = settings(max_examples=30, stateful_step_count=25, deadline=None, derandomize=True)
