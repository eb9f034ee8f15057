from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.projects.library import VariableGroup
from sandbox.pipelines.request import Variable
from tests.sandbox.azure_devops.rest.plant import Plant

ALL = "analytics/_apis/build/authorizedresources"


@pytest.fixture
def group(plant: Plant) -> dict[str, Any]:
    made = plant.office.project.library.put_group(VariableGroup("keys", {"key": Variable("x")}))
    return {"type": "variablegroup", "id": str(made.id), "name": "keys", "authorized": True}


def test_client_opens_a_resource_to_all_pipelines(plant: Plant, group: dict[str, Any]) -> None:
    client = plant.office.client("build", "admin")
    [opened] = client.authorize_project_resources([group], "analytics")
    assert (opened.name, opened.authorized) == ("keys", True)
    assert list(plant.office.project.library.groups_of(plant.pipeline)) == ["keys"]
    assert [one.name for one in client.get_project_resources("analytics", type="variablegroup")] == ["keys"]
    assert client.get_project_resources("analytics", type="queue") == []


def test_client_authorises_one_definition(plant: Plant, group: dict[str, Any]) -> None:
    other = plant.office.project.library.add_pipeline("other", "churn", "cluster.yml")
    client = plant.office.client("build", "admin")
    client.authorize_definition_resources([group], "analytics", plant.pipeline.id)
    assert [one.name for one in client.get_definition_resources("analytics", plant.pipeline.id)] == ["keys"]
    assert plant.office.project.library.groups_of(other) == {}


def test_what_is_opened_can_be_closed(plant: Plant, group: dict[str, Any]) -> None:
    for authorised in (True, False):
        plant.office.send("PATCH", ALL, "admin", json=[{**group, "authorized": authorised}])
    assert plant.office.project.library.groups_of(plant.pipeline) == {}


@pytest.mark.parametrize("path", [ALL, "analytics/_apis/build/definitions/1/resources"], ids=["all", "one"])
def test_only_administrators_of_the_resource_open_it(plant: Plant, group: dict[str, Any], path: str) -> None:
    assert plant.office.send("PATCH", path, "anna", json=[group]).status_code == 403
    assert plant.office.project.library.groups_of(plant.pipeline) == {}


def test_one_unknown_resource_leaves_all_as_they_are(plant: Plant, group: dict[str, Any]) -> None:
    answer = plant.office.send("PATCH", ALL, "admin", json=[group, {**group, "id": "99"}])
    assert (answer.status_code, plant.office.project.library.groups_of(plant.pipeline)) == (404, {})
