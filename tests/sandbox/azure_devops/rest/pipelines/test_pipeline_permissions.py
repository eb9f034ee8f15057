"""Which pipelines may use what, through the unmodified client and raw requests."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.projects.library import AgentQueue, Environment, VariableGroup
from sandbox.azure_devops.projects.resources import Resource
from sandbox.pipelines.request import Variable
from tests.sandbox.azure_devops.rest.models import error_of
from tests.sandbox.azure_devops.rest.office import Office

PERMISSIONS = "analytics/_apis/pipelines/pipelinePermissions"
KINDS = ("variablegroup", "environment", "queue", "repository")


@pytest.fixture
def pipeline(office: Office) -> int:
    library = office.project.library
    library.put_group(VariableGroup("keys", {"key": Variable("1")}))
    library.put_environment(Environment("prod"))
    library.put_queue(AgentQueue("Default"))
    office.repository("churn")
    return library.add_pipeline("p", "churn", "p.yml").id


def resource(office: Office, kind: str) -> Resource:
    return office.project.repository_resource("churn") if kind == "repository" else Resource(kind, "1")


def wish(pipeline: int, *, authorized: bool = True) -> dict[str, Any]:
    return {"pipelines": [{"id": pipeline, "authorized": authorized}]}


@pytest.mark.parametrize("kind", KINDS)
def test_pipeline_is_authorised_and_read_back(office: Office, pipeline: int, kind: str) -> None:
    identifier = resource(office, kind).id
    client = office.client("pipeline_permissions", "admin")
    client.update_pipeline_permisions_for_resource(wish(pipeline), "analytics", kind, identifier)
    found = office.client("pipeline_permissions").get_pipeline_permissions_for_resource("analytics", kind, identifier)
    assert [(one.id, one.authorized, one.authorized_by.display_name) for one in found.pipelines] == [
        (pipeline, True, "Ada Min")]
    assert found.all_pipelines is None


@pytest.mark.parametrize("kind", KINDS)
def test_only_administrators_of_the_resource_authorise(office: Office, pipeline: int, kind: str) -> None:
    path = f"{PERMISSIONS}/{kind}/{resource(office, kind).id}"
    assert error_of(office, "PATCH", path, "anna", json=wish(pipeline))[0] == 403
    assert office.send("GET", path).json()["pipelines"] == []


def test_authorisation_is_withdrawn(office: Office, pipeline: int) -> None:
    path = f"{PERMISSIONS}/environment/1"
    office.send("PATCH", path, "admin", json=wish(pipeline))
    answer = office.send("PATCH", path, "admin", json=wish(pipeline, authorized=False))
    assert answer.json()["pipelines"] == []


def test_several_resources_at_once_are_changed_all_or_none(office: Office, pipeline: int) -> None:
    rows = [{"resource": {"type": kind, "id": resource(office, kind).id}, **wish(pipeline)} for kind in KINDS]
    bad = {"resource": {"type": "environment", "id": "9"}, **wish(pipeline)}
    assert office.send("PATCH", PERMISSIONS, "admin", json=[*rows, bad]).status_code == 404
    assert office.send("GET", f"{PERMISSIONS}/environment/1").json()["pipelines"] == []
    done = office.client("pipeline_permissions", "admin").update_pipeline_permisions_for_resources(rows, "analytics")
    assert [one.resource.type for one in done] == list(KINDS)


def test_resource_may_be_opened_to_all_pipelines(office: Office, pipeline: int) -> None:
    office.send("PATCH", f"{PERMISSIONS}/variablegroup/1", "admin", json={"allPipelines": {"authorized": True}})
    assert office.send("GET", f"{PERMISSIONS}/variablegroup/1").json()["allPipelines"]["authorized"] is True
    assert office.project.library.permissions.allows(office.project.id, Resource("variablegroup", "1"), pipeline)


def test_repository_of_another_project_is_authorised_in_that_of_the_pipeline(office: Office, pipeline: int) -> None:
    other = office.organisation.create_project("other")
    other.create_repository("library")
    found = other.repository_resource("library")
    path = f"{PERMISSIONS}/repository/{found.id}"
    assert office.send("PATCH", path, "admin", json=wish(pipeline)).status_code == 403
    admins = office.organisation.directory.find("[other]\\Project Administrators")
    assert admins is not None
    office.organisation.directory.join(office.member("admin"), admins)
    assert office.send("PATCH", path, "admin", json=wish(pipeline)).status_code == 200
    assert office.project.library.permissions.allows(office.project.id, found, pipeline)
    assert not other.library.permissions.allows(other.id, found, pipeline)


UNKNOWN = [("environment/9", 404), ("planet/1", 404), ("environment/x", 404)]


@pytest.mark.parametrize(("path", "status"), UNKNOWN)
def test_unknown_resource_is_not_found(office: Office, path: str, status: int) -> None:
    assert office.send("GET", f"{PERMISSIONS}/{path}").status_code == status


def test_pipeline_that_is_not_there_cannot_be_authorised(office: Office, pipeline: int) -> None:
    assert error_of(office, "PATCH", f"{PERMISSIONS}/environment/1", json=wish(pipeline + 1))[0] == 404
