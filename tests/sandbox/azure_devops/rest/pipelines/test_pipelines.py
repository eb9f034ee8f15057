from __future__ import annotations

import importlib
from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.office import Office
from tests.sandbox.azure_devops.rest.plant import Plant

PIPELINES = "analytics/_apis/pipelines"
STAGES = """
    parameters: [{name: word, default: nothing}]
    stages:
    - {stage: one, jobs: [{job: a, steps: [{checkout: none}, {bash: 'echo ${{ parameters.word }}'}]}]}
    - {stage: two, jobs: [{job: b, steps: [{checkout: none}]}]}
    """


def body(office: Office, **configuration: Any) -> dict[str, Any]:
    office.repository()
    record = office.project.repositories.record("churn")
    assert record is not None
    repository = {"id": record.id, "type": "azureReposGit"}
    return {"name": "jobs", "folder": "\\x",
            "configuration": {"type": "yaml", "path": "/jobs.yml", "repository": repository, **configuration}}


def test_create_makes_a_definition_of_the_repositorys_default_branch(office: Office) -> None:
    made = office.send("POST", PIPELINES, json=body(office))
    assert (made.status_code, made.json()["configuration"]["path"], made.json()["folder"]) == (200, "jobs.yml", "\\x")
    definition = office.client("build").get_definition("analytics", made.json()["id"])
    assert (definition.repository.default_branch, definition.triggers[0]["settingsSourceType"]) == (
        "refs/heads/main", 2)


def test_the_clients_model_loses_the_path_as_it_does_on_the_service(office: Office) -> None:
    models = importlib.import_module("azure.devops.v7_1.pipelines.models")
    sent = models.CreatePipelineParameters(
        name="jobs", configuration=models.CreatePipelineConfigurationParameters(type="yaml"))
    with pytest.raises(Exception, match=r"Value cannot be null\.\nParameter name: Path"):
        office.client("pipelines").create_pipeline(sent, "analytics")


def test_a_configuration_that_is_no_yaml_is_refused(office: Office) -> None:
    assert office.send("POST", PIPELINES, json=body(office, type="designerJson")).status_code == 400


def test_a_reader_may_not_create(office: Office) -> None:
    assert office.send("POST", PIPELINES, "ben", json=body(office)).status_code == 403


def test_client_lists_and_gets(plant: Plant) -> None:
    client = plant.office.client("pipelines")
    assert [one.name for one in client.list_pipelines("analytics")] == ["churn-cluster"]
    found = client.get_pipeline("analytics", plant.pipeline.id)
    assert found.configuration.additional_properties["path"] == "cluster.yml"


def test_client_runs_with_parameters(plant: Plant) -> None:
    plant.commit(STAGES)
    client = plant.office.client("pipelines")
    made = client.run_pipeline({"templateParameters": {"word": "yes"}}, "analytics", plant.pipeline.id)
    plant.finish()
    found = client.get_run("analytics", plant.pipeline.id, made.id)
    assert (found.state, found.result, found.pipeline.name) == ("completed", "succeeded", "churn-cluster")
    assert [one.id for one in client.list_runs("analytics", plant.pipeline.id)] == [made.id]


def test_stages_can_be_skipped(plant: Plant) -> None:
    plant.commit(STAGES)
    plant.office.client("pipelines").run_pipeline({"stagesToSkip": ["TWO"]}, "analytics", plant.pipeline.id)
    plant.finish()
    [run] = plant.office.organisation.runs.runs()
    assert run.result is not None
    assert run.result.stages == {"one": "succeeded", "two": "skipped"}


def test_a_run_of_another_branch(plant: Plant) -> None:
    plant.commit(STAGES, branch="x")
    own = {"resources": {"repositories": {"self": {"refName": "refs/heads/x"}}}}
    made = plant.office.send("POST", f"{PIPELINES}/{plant.pipeline.id}/runs", json=own).json()
    assert made["resources"]["repositories"]["self"]["refName"] == "refs/heads/x"


@pytest.mark.parametrize(("sent", "expected"), [
    ({"stagesToSkip": ["three"]}, "Stages to skip that the pipeline does not have: three."),
    ({"templateParameters": {"other": "x"}}, "Unexpected parameter 'other'"),
    ({"resources": {"repositories": {"templates": {"refName": "x"}}}}, "'templates' is not modelled"),
    ({"previewRun": True, "yamlOverride": "steps: []"}, "yamlOverride is not modelled"),
    ({"variables": {"x": {"value": "1"}}}, "You can't set the following variables (x)"),
], ids=["stage", "parameter", "repository", "override", "variable"])
def test_what_cannot_run_is_refused_with_the_reason(plant: Plant, sent: dict[str, Any], expected: str) -> None:
    plant.commit(STAGES)
    answer = plant.office.send("POST", f"{PIPELINES}/{plant.pipeline.id}/runs", json=sent)
    assert (answer.status_code, expected in answer.json()["message"]) == (400, True)
    assert plant.office.organisation.runs.runs() == []


def test_client_previews_the_final_yaml_without_a_run(plant: Plant) -> None:
    plant.commit(STAGES)
    sent = {"previewRun": True, "templateParameters": {"word": "seen"}}
    found = plant.office.client("pipelines").preview(sent, "analytics", plant.pipeline.id)
    assert "echo seen" in found.final_yaml
    assert plant.office.organisation.runs.runs() == []


def test_a_preview_needs_the_right_to_queue(plant: Plant) -> None:
    path = f"{PIPELINES}/{plant.pipeline.id}/preview"
    assert plant.office.send("POST", path, "ben", json={}).status_code == 403


def test_a_run_of_another_pipeline_is_not_there(plant: Plant) -> None:
    plant.run()
    other = plant.office.project.library.add_pipeline("other", "churn", "cluster.yml")
    assert plant.office.send("GET", f"{PIPELINES}/{other.id}/runs/1").status_code == 404
