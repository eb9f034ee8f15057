"""An organisation with one product whose pipeline deploys, for tests of checks with real runs."""
from __future__ import annotations

import os
import textwrap
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from sandbox.azure_devops.checks.approvals import PendingApproval
from sandbox.azure_devops.checks.protection import Approver, Check
from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.projects.library import Environment, VariableGroup
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.clock import FakeClock
from sandbox.pipelines.request import Identity, Variable
from tests.sandbox.azure_devops.posted_checks import posted

ANNA, BEN, CARA = (Identity(name, f"{name.lower()}@example.com") for name in ("Anna", "Ben", "Cara"))
PROD = Resource("environment", "1", "churn-prod")
KEYS = Resource("variablegroup", "1", "keys")
_AUTHOR = Author("Anna", "anna@example.com")
_SECONDS = 60.0

DEPLOY = """
    lockBehavior: {lock}
    stages:
    - stage: deploy
      jobs:
      - deployment: deploy
        environment: churn-prod
        strategy: {{runOnce: {{deploy: {{steps: [{{bash: '{script}'}}]}}}}}}
    """


HELLO = DEPLOY.format(lock="runLatest", script="echo deployed")


def stage_of(run: Run) -> str:
    assert run.result is not None
    return run.result.stages["deploy"]


def person(identity: Identity) -> Approver:
    return Approver(identity.name, frozenset({identity.email}))


class Deployer:
    """`queue` starts runs of the pipeline `deploy` of the repository `churn` for Anna."""

    def __init__(self, folder: Path) -> None:
        machine = {"PATH": os.environ.get("PATH", os.defpath), "SIGNAL": str(folder / "signal")}
        self.clock = FakeClock()
        self.organisation = Organisation(folder, machine, clock=self.clock)
        self.signal = folder / "signal"
        library = self.organisation.home.library
        library.put_environment(Environment("churn-prod"))
        library.put_group(VariableGroup("keys", {"key": Variable("s3cret", secret=True)}))
        self.pipeline = library.add_pipeline("deploy", "churn", "deploy.yml", frozenset({"keys"}))
        library.authorise(self.pipeline, PROD)
        for name in ("churn", "cicd"):
            self.organisation.home.create_repository(name)
        library.authorise(self.pipeline, self.organisation.home.repository_resource("cicd"))

    def protect(self, check: Check, resource: Resource = PROD) -> None:
        records = self.organisation.checkpoint.protection.records
        records.add(posted(check, resource, self.organisation))

    def commit(self, text: str, *, repository: str = "churn", branch: str = "main", path: str = "deploy.yml") -> str:
        files = {path: File(textwrap.dedent(text).encode())}
        return self.organisation.home.repositories[repository].commit_files(
            f"refs/heads/{branch}", files, message="m", author=_AUTHOR)

    def commit_all(self, files: Mapping[str, str], *, repository: str = "churn", branch: str = "main") -> str:
        """Commit exactly these files."""
        content = {path: File(textwrap.dedent(text).encode()) for path, text in files.items()}
        return self.organisation.home.repositories[repository].commit_files(
            f"refs/heads/{branch}", content, message="m", author=_AUTHOR)

    def queue(self, branch: str = "main") -> Run:
        run = self.organisation.queue_run(self.pipeline, branch, ANNA)
        assert run is not None
        return run

    def run(self, text: str, branch: str = "main") -> Run:
        """Commit the pipeline, run it and wait for its end."""
        self.commit(text, branch=branch)
        run = self.queue(branch)
        self.finish()
        return run

    def finish(self) -> None:
        assert self.organisation.runs.wait(_SECONDS), "a run did not end"

    def asked(self, count: int = 1) -> list[PendingApproval]:
        """The approvals that wait, once there are `count`."""
        found = self.organisation.checkpoint.approvals.await_pending(count, _SECONDS)
        assert len(found) == count
        return found

    def decide(self, identity: Identity, *, approved: bool = True) -> PendingApproval:
        [waiting] = self.asked()
        return self.organisation.checkpoint.approvals.decide(waiting.id, identity, approved=approved)

    def await_end(self, run: Run) -> None:
        self._await(lambda: run.state == "completed")

    def await_signal(self) -> None:
        """Until a script has written the file `$SIGNAL`."""
        self._await(self.signal.exists)

    def _await(self, holds: Callable[[], bool]) -> None:
        pause = threading.Event()
        end = time.monotonic() + _SECONDS
        while not holds():
            assert time.monotonic() < end
            pause.wait(0.02)


def log_of(run: Run) -> str:
    return (run.folder / "log.txt").read_text(encoding="utf-8")
