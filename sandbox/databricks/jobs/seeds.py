"""Jobs of somebody else, many at once."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.directory import USERS, PrincipalKind
from sandbox.databricks.jobs.job import Job
from sandbox.databricks.jobs.settings_form import kept_settings
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.state import WorkspaceState

_TASK = {"task_key": "run", "notebook_task": {"notebook_path": "/Shared/run"},
         "new_cluster": {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}}


def add_foreign_jobs(state: WorkspaceState, count: int, *, name: str = "team-{number}",
                     owner: str = "owner@example.test", visible: bool = True,
                     **settings: Any) -> list[int]:  # noqa: ANN401 - REST fields
    """Their ids. `visible` lets everyone see them. The quotas grow with them, as they do for who asks the service."""
    with state.lock:
        creator = state.directory.add(PrincipalKind.USER, owner)
        ids = []
        for number in range(count):
            kept = kept_settings({"tasks": [_TASK], **settings, "name": name.format(number=number)}, queues=False)
            job = Job(state.jobs.new_id(), creator.name, kept, state.clock.now())
            state.jobs.add(job)
            state.access.add_object(JOBS, str(job.job_id), creator)
            ids.append(job.job_id)
        state.jobs.quota += count
        state.jobs.quota_per_hour += count
        for job_id in ids if visible else ():
            state.access.change(JOBS, str(job_id), replace=False, entries=[
                {"group_name": USERS, "permission_level": "CAN_VIEW"}])
        return ids
