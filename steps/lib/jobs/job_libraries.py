"""The libraries of jobs: those on the shared cluster, those by default, and those a job names itself."""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.jobs.job_config import JobConfig
from steps.lib.json_files.located_json import Document
from steps.lib.libraries.entries import combine, libraries_of
from steps.lib.libraries.rules import Libraries

_TOP = ("libraries",)
NO_LIBRARIES = Libraries((), ())


@dataclass(frozen=True)
class LibraryFiles:
    product: Document
    team: Document

    def default(self) -> Libraries:
        """What the product's cluster file asks for, and the team's."""
        return self._with_team(self.product)

    def of(self, job: JobConfig) -> Libraries:
        """What the clusters of `job` get. `none` is none at all, not even the team's; null leaves it to the cluster."""
        written = job.view.get(_TOP)
        if isinstance(written, dict):
            return self._with_team(job.view)
        return self.default() if written == "default" else NO_LIBRARIES

    def _with_team(self, document: Document) -> Libraries:
        chosen, findings = combine(libraries_of(self.team, ()), libraries_of(document, _TOP))
        return Libraries(tuple(chosen), tuple(findings))


def has_own_libraries(job: JobConfig) -> bool:
    """Whether the job says something else than `default`."""
    return not job.is_high_concurrency and job.view.get(_TOP) not in (None, "default")


def has_default_libraries(job: JobConfig) -> bool:
    return not job.is_high_concurrency and job.view.get(_TOP) == "default"
