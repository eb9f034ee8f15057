"""The bench of the clean-up: an organization with the repository `churn`, and the workspace of local."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.git.git_process import run_git
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.security import namespaces
from sandbox.clock import FakeClock as OrganisationClock
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.entra.tenant import AZURE_DEVOPS, InvalidTokenError
from sandbox.http.message import Request
from sandbox.pipelines.request import Identity
from steps.clean_up_branches import step
from tests.sandbox.azure_devops.person import Person
from tests.sandbox.azure_devops.rest.office import Office
from tests.steps.bench import CLUSTER, OWN_TAGS, Bench
from tests.steps.fake_clock import FakeClock

REPOSITORY = "analytics/_apis/git/repositories/churn"
MAIN = "refs/heads/main"
DAY = 24 * 3600.0


@dataclass
class StepClock(FakeClock):
    """As late as it is in the organization."""

    organisation: OrganisationClock

    def __post_init__(self) -> None:
        super().__init__()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.organisation.now(), timezone.utc)


@dataclass
class BranchBench:
    """The pipeline's principal reads the repository and may delete what is below `feature/`. Anna has a clone.

    `asked` is called with each request to the organization before it is answered.
    """

    bench: Bench
    office: Office
    folder: Path
    asked: list[Callable[[Request], None]]
    _anna: Person | None = field(default=None, repr=False)

    @property
    def churn(self) -> BareRepository:
        return self.office.project.repositories["churn"]

    @property
    def branches(self) -> set[str]:
        """Without refs/heads/ and the default one."""
        refs = [ref for ref in self.churn.refs() if ref.startswith("refs/heads/")]
        return {ref.removeprefix("refs/heads/") for ref in refs} - {"main"}

    @property
    def anna(self) -> Person:
        if self._anna is None:
            Person(self.folder).git("clone", "-q", self.office.git_url("churn"), "clone")
            self._anna = Person(self.folder / "clone")
        return self._anna

    def run(self, **changed: str) -> int:
        self.bench.workspace.log.clear()
        self.office.organisation.log.clear()
        return self.bench.run(step, **changed)

    def writes(self) -> list[str]:
        """Of the step, to either service."""
        log = self.office.organisation.log.entries()
        return [*(f"{one.method} refs" for one in log if one.method not in ("GET", "OPTIONS")), *self.bench.writes()]

    def commit(self, name: str, text: str = "x") -> str:
        """On a branch, made at the tip of main if it is not there; nothing of it is in the log of pushes."""
        ref = f"refs/heads/{name}"
        if ref not in self.churn.refs():
            self.churn.point(ref, self.churn.refs()[MAIN])
        tip = self.churn.refs()[ref]
        known = {path: File(self.churn.read(tip, path) or b"") for path in self.paths(tip)}
        files = {**known, name.replace("/", "_"): File(text.encode())}
        return self.churn.commit_files(ref, files, message=text, author=Author("Anna", "anna@example.com"))

    def paths(self, commit: str) -> list[str]:
        names = run_git("ls-tree", "-r", "-z", "--name-only", commit, folder=self.churn.path).decode()
        return [name for name in names.split("\0") if name]

    def pull_request(self, name: str, target: str = MAIN) -> int:
        body = {"sourceRefName": f"refs/heads/{name}", "targetRefName": target, "title": name}
        answer = self.office.send("POST", f"{REPOSITORY}/pullRequests", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["pullRequestId"])

    def merge(self, name: str, strategy: str = "squash", target: str = MAIN) -> int:
        """A completed pull request."""
        path = f"{REPOSITORY}/pullRequests/{(number := self.pull_request(name, target))}"
        commit = self.office.send("GET", path).json()["lastMergeSourceCommit"]
        self.office.send("PATCH", path, json={"status": "completed", "lastMergeSourceCommit": commit,
                                              "completionOptions": {"mergeStrategy": strategy}})
        assert self.office.send("GET", path).json()["status"] == "completed"
        return number

    def cluster(self, branch: str, **tags: str) -> str:
        """A cluster as the cluster pipeline makes it, managed by the pipeline's principal."""
        [cluster_id] = self.bench.workspace.add_foreign_clusters(
            1, name=f"local-churn-{branch}", custom_tags={**OWN_TAGS, "branch": branch, **tags},
            spark_version=CLUSTER["spark_version"])
        self.bench.workspace.state.access.change(CLUSTERS, cluster_id, replace=False, entries=[
            {"service_principal_name": self.bench.principal.client_id, "permission_level": "CAN_MANAGE"}])
        return cluster_id

    @property
    def clusters(self) -> set[str]:
        return set(self.bench.workspace.state.clusters)


def admitted(bench: Bench, office: Office) -> None:
    """Let the pipeline's principal into the organization, and the step know where that is."""
    organisation = office.organisation
    principal = organisation.directory.add_service_principal(bench.principal.client_id, "brickline-local")
    record = office.project.repositories.record("churn")
    assert record is not None
    organisation.access.grant(namespaces.PROJECT, namespaces.project_token(office.project.id), principal, allow=1)
    for ref, bits in (("", 2), ("refs/heads/feature", 8)):
        token = namespaces.repository_token(office.project.id, record.id, ref)
        organisation.access.grant(namespaces.GIT, token, principal, allow=bits)
    organisation.accounts.check_bearer = lambda token: _identity(bench, organisation, token)
    bench.environ |= {"AZURE_DEVOPS_URL": office.url, "PROJECT_NAME": "analytics", "REPOSITORY_NAME": "churn"}
    bench.clock = StepClock(office.clock)


def policy(kind: str, **scope: Any) -> dict[str, Any]:
    return {"isEnabled": True, "isBlocking": True, "type": {"id": kind},
            "settings": {"minimumApproverCount": 1, "scope": [scope]}}


def _identity(bench: Bench, organisation: Organisation, token: str) -> Identity | None:
    try:
        claims = bench.tenant.verify(token, AZURE_DEVOPS)
    except InvalidTokenError:
        return None
    member = organisation.directory.signing_in(str(claims["appid"]))
    return member.identity if member else None
