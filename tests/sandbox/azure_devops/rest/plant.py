"""A repository with a pipeline in the organisation of the tests, and its runs."""
from __future__ import annotations

import textwrap
import threading
import time
from collections.abc import Callable
from typing import Any

from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs.run_queue import Run
from tests.sandbox.azure_devops.rest.office import PEOPLE, Office

HELLO = "steps: [{checkout: none}, {bash: echo hello, displayName: Say hello}]"
BUILDS = "analytics/_apis/build/builds"
_AUTHOR = Author("Anna", "anna@example.com")
_SECONDS = 60.0


class Plant:
    """The pipeline `churn-cluster` runs `cluster.yml` of the repository `churn`."""

    def __init__(self, office: Office, text: str = HELLO) -> None:
        self.office = office
        self.commit(text)
        self.pipeline: Pipeline = office.project.library.add_pipeline("churn-cluster", "churn", "cluster.yml")

    def commit(self, text: str, *, branch: str = "main", path: str = "cluster.yml", repository: str = "churn") -> str:
        files = {path: File(textwrap.dedent(text).encode())}
        made = self.office.project.create_repository(repository)
        return made.commit_files(f"refs/heads/{branch}", files, message="m", author=_AUTHOR)

    def queue(self, person: str = "anna", **fields: Any) -> Any:
        """A build by the unmodified client."""
        build = {"definition": {"id": self.pipeline.id}, **fields}
        return self.office.client("build", person).queue_build(build, "analytics")

    def post(self, person: str = "anna", **fields: Any) -> tuple[int, dict[str, Any]]:
        answer = self.office.send("POST", BUILDS, person, json={"definition": {"id": self.pipeline.id}, **fields})
        return answer.status_code, answer.json()

    def start(self, branch: str = "main") -> Run:
        run = self.office.organisation.queue_run(self.pipeline, branch, PEOPLE["anna"][0])
        assert run is not None
        return run

    def run(self, branch: str = "main") -> Run:
        """Run it to its end."""
        run = self.start(branch)
        self.finish()
        return run

    def finish(self) -> None:
        assert self.office.organisation.runs.wait(_SECONDS), "a run did not end"


def until(holds: Callable[[], object]) -> None:
    """Wait for another thread; an assertion where it takes too long."""
    pause, end = threading.Event(), time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < end
        pause.wait(0.02)
