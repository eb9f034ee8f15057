"""Permissions of the set-up's principal in a test: granted one by one, as an administrator would."""
from __future__ import annotations

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security.namespaces import (
    BUILD,
    ENVIRONMENT,
    GIT,
    PROJECT,
    Namespace,
    build_token,
    environment_token,
    project_token,
    repository_token,
)
from tests.setup.bench import PRINCIPAL, SetupBench

WRITE = ("GenericRead", "GenericContribute", "CreateBranch", "PullRequestContribute")


def grant(bench: SetupBench, namespace: Namespace, token: str, *permissions: str) -> None:
    member = bench.organisation.directory.find(PRINCIPAL)
    assert member is not None
    bench.organisation.access.grant(namespace, token, member, allow=sum(namespace.bits[one] for one in permissions))


def deny(bench: SetupBench, namespace: Namespace, token: str, *permissions: str) -> None:
    member = bench.organisation.directory.find(PRINCIPAL)
    assert member is not None
    bench.organisation.access.grant(namespace, token, member, deny=sum(namespace.bits[one] for one in permissions))


def let_read_library(bench: SetupBench) -> None:
    """The least that every set-up needs: to read the repository it comes from."""
    grant(bench, PROJECT, project_token(bench.platform.id), "GENERIC_READ")
    grant(bench, GIT, repository_token(bench.platform.id), "GenericRead")


def let_copy(bench: SetupBench, project: Project | None = None) -> None:
    """Read the library, and write to every repository of `project`, by default that of the product."""
    let_read_library(bench)
    where = project or bench.analytics
    grant(bench, PROJECT, project_token(where.id), "GENERIC_READ")
    grant(bench, GIT, repository_token(where.id), *WRITE)


def let_create(bench: SetupBench) -> None:
    """Make pipelines and environments in the product's project, and let them read the library."""
    grant(bench, BUILD, build_token(bench.analytics.id), "ViewBuildDefinition", "EditBuildDefinition",
          "CreateBuildDefinition")
    grant(bench, ENVIRONMENT, environment_token(bench.analytics.id), "View", "Create")
    cicd = bench.platform.repositories.record("cicd")
    assert cicd is not None
    grant(bench, GIT, repository_token(bench.platform.id, cicd.id), "ManagePermissions")
