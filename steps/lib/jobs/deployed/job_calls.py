"""The calls that change a job, each of them safe after a lost reply."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import PermissionDenied, ResourceDoesNotExist, Unavailable, Unreachable
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_search import find_by_name
from steps.lib.json_files.json_reader import Json

CREATE = "/api/2.2/jobs/create"
RESET = "/api/2.2/jobs/reset"
DELETE = "/api/2.2/jobs/delete"
RUNS = "/api/2.2/jobs/runs/list"
_PAUSES = (1.0, 5.0)

Body = Mapping[str, Json]


@dataclass(frozen=True)
class JobCalls:
    databricks: Databricks
    clock: Clock

    def create(self, body: Body, tags: Mapping[str, str]) -> int:
        """The id of the new job. There is no token against doubles: what got no answer is looked for by its `tags`."""
        name = str(body.get("name", ""))
        for pause in _PAUSES:
            try:
                return self._create(body)
            except (Unreachable, Unavailable) as error:
                agent.info(f"create job {name}: no sound answer ({error.message}); look whether it is there")
                found = self._made(name, tags, pause)
                if found:
                    return found[0].job_id
        return self._create(body)

    def reset(self, job_id: int, body: Body) -> None:
        """Replace all settings. The same call twice does no more than once."""
        self.databricks.post(RESET, {"job_id": job_id, "new_settings": body}, repeatable=True)

    def is_running(self, job: FoundJob) -> bool:
        query = {"job_id": job.job_id, "active_only": True, "limit": 1}
        return bool(self.databricks.get(RUNS, query).get("runs"))

    def delete(self, job: FoundJob) -> None:
        """A job that is gone already is as it should be; the service may word that as a missing right."""
        try:
            self.databricks.post(DELETE, {"job_id": job.job_id}, repeatable=True)
        except ResourceDoesNotExist:
            return
        except PermissionDenied:
            if any(one.job_id == job.job_id for one in find_by_name(self.databricks, job.name)):
                raise

    def _create(self, body: Body) -> int:
        return int(self.databricks.post(CREATE, body)["job_id"])

    def _made(self, name: str, tags: Mapping[str, str], pause: float) -> Sequence[FoundJob]:
        """The job as soon as it shows; after a pause, for a list may lag behind, an empty answer counts."""
        found = self._ours(name, tags)
        if found:
            return found
        self.clock.sleep(pause)
        return self._ours(name, tags)

    def _ours(self, name: str, tags: Mapping[str, str]) -> list[FoundJob]:
        return [job for job in find_by_name(self.databricks, name) if job.has_tags(tags)]
