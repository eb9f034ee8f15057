"""What a set-up step needs to run for real in a test: an embedded organisation as an administrator finds it."""
from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.projects.library import AgentQueue
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security.defaults import ADMINISTRATORS
from sandbox.http.server import Server
from sandbox.pipelines.request import Identity
from setup import bootstrap
from steps.lib import agent
from tests.steps.fake_clock import FakeClock

ROOT = Path(__file__).parents[2]
ADMIN = Identity("Ada Min", "admin@example.com")
PRINCIPAL = "aaaaaaaa-0000-0000-0000-000000000005"
APPROVERS = "data-science-release-approvers"
RELEASE = "refs/tags/v0.1.0"
_AUTHOR = Author("Platform Team", "platform@example.com")


@dataclass
class SetupBench:
    """The CI/CD repository lies in the project `platform`, the product `churn` in `analytics`.

    `environ` is that of a set-up step, which acts as a service principal without any permission at first.
    """

    organisation: Organisation
    server: Server
    folder: Path
    environ: dict[str, str]
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def analytics(self) -> Project:
        return self.organisation.home

    @property
    def platform(self) -> Project:
        found = self.organisation.project("platform")
        assert found is not None
        return found

    @property
    def url(self) -> str:
        return f"{self.server.url}/{self.organisation.names.organisation}"

    def repository(self, name: str = "churn", files: Mapping[str, bytes] | None = None, *, branch: str = "main",
                   project: Project | None = None) -> BareRepository:
        """A repository with `files` on `branch`, empty where there are none."""
        made = (project or self.analytics).create_repository(name)
        content = {path: File(text) for path, text in (files or {}).items()}
        if content:
            made.commit_files(f"refs/heads/{branch}", content, message="Start", author=_AUTHOR)
        return made

    def run(self, step: Callable[..., None], **changed: str) -> int:
        """The exit code of `step`, with some variables changed; the clock never really sleeps."""
        return agent.run(lambda given: step(given, self.clock), {**self.environ, **changed})

    def bootstrap(self, *flags: str, **changed: Any) -> int:
        """The exit code of `python -m setup.bootstrap`, run by the administrator."""
        file = self.folder / "bootstrap.json"
        file.write_text(json.dumps({
            "organization_url": self.url,
            "cicd": {"project": "platform", "repository": "cicd"},
            "projects": ["analytics"],
            "entra_tenant_id": "bbbbbbbb-0000-0000-0000-000000000000",
            "credentials": {name: {"client_id": f"aaaaaaaa-0000-0000-0000-00000000000{number}"}
                            for number, name in enumerate(("local", "dev", "test", "prod", "setup"), start=1)},
            **changed}))
        secrets = {f"BRICKLINE_{name}_CLIENT_SECRET": f"{name}-s3cret"
                   for name in ("LOCAL", "DEV", "TEST", "PROD", "SETUP")}
        environ = {"AZURE_DEVOPS_EXT_PAT": "admins-token", **secrets}
        return bootstrap.main([*(flags or ("--apply",)), str(file)], environ)

    def writes(self) -> list[str]:
        """Every request so far that may have changed something, as `POST /path`."""
        return [f"{one.method} {one.path}" for one in self.organisation.log.entries()
                if one.method not in ("GET", "OPTIONS")]

    def requests(self) -> int:
        return len(self.organisation.log.entries())


def furnished(folder: Path) -> Organisation:
    """People, queues, approvers and the CI/CD repository with a release; no product, no variable group."""
    made = Organisation(folder, {"PATH": os.environ.get("PATH", os.defpath)})
    platform = made.create_project("platform")
    for project in (made.home, platform):
        project.library.put_queue(AgentQueue("Azure Pipelines"))
        _join(made, ADMIN, f"[{project.name}]\\{ADMINISTRATORS}")
    made.directory.add_group(f"[TEAM FOUNDATION]\\{APPROVERS}")
    made.accounts.add(ADMIN, "admins-token")
    principal = made.directory.add_service_principal(PRINCIPAL, "brickline-setup")
    made.accounts.add(principal.identity, "principals-token")
    cicd = platform.create_repository("cicd")
    commit = cicd.commit_files("refs/heads/main", {"README.md": File(b"cicd\n")}, message="Start", author=_AUTHOR)
    cicd.point(RELEASE, commit)
    return made


def _join(organisation: Organisation, identity: Identity, group_name: str) -> None:
    group = organisation.directory.find(group_name)
    assert group is not None
    organisation.directory.join(organisation.directory.of(identity), group)
