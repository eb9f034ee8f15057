"""A product as the set-up is to leave it."""
from __future__ import annotations

import subprocess

from sandbox.azure_devops.projects.project import Project
from sandbox.world.furnish import PRODUCT
from tests.acceptance.setup.engineer import Engineer

PIPELINES = {f"{PRODUCT}-cluster": "pipelines_definitions/pipeline_cluster.yml",
             f"{PRODUCT}-jobs": "pipelines_definitions/pipeline_jobs.yml"}
LOCKED = ["branch control", "exclusive lock", "required template"]
GUARDS = {f"{PRODUCT}-dev": LOCKED, f"{PRODUCT}-test": LOCKED, f"{PRODUCT}-prod": ["approval", *LOCKED]}


def expect_complete(engineer: Engineer, product: str = PRODUCT) -> None:
    """Everything is there once: files, pipelines, guarded environments, and who may use what."""
    view = engineer.view
    assert "pipelines_definitions/pipeline_cluster.yml" in view.files(product)
    assert view.pipelines(product) == {_of(product, name): path for name, path in PIPELINES.items()}
    assert view.environments(f"{product}-") == {_of(product, name): checks for name, checks in GUARDS.items()}
    assert users(engineer, "environment", f"{product}-prod") == {f"{product}-jobs"}
    assert f"{product}-cluster" in users(engineer, "variablegroup", "brickline-local")
    assert f"{product}-cluster" not in users(engineer, "variablegroup", "brickline-prod")


def _of(product: str, name: str) -> str:
    return product + name.removeprefix(PRODUCT)


def users(engineer: Engineer, kind: str, name: str) -> set[str]:
    """The pipelines that may use a resource of the project."""
    project = project_of(engineer)
    resource = project.library.resource(kind, name)
    assert resource is not None
    known = project.library.permissions.of(project.id, resource)
    assert not known.everyone
    return {one.name for one in project.library.pipelines if one.id in known.pipelines}


def project_of(engineer: Engineer) -> Project:
    found = engineer.world.organisation.project(engineer.project)
    assert found is not None
    return found


def commits(engineer: Engineer, product: str = PRODUCT, ref: str = "refs/heads/main") -> int:
    path = project_of(engineer).repositories[product].path
    done = subprocess.run(["git", "-C", str(path), "rev-list", "--count", ref], capture_output=True, check=True)
    return int(done.stdout)
