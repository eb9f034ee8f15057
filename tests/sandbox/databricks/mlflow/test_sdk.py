"""databricks-sdk as the judge of MLflow's routes, of both registries, and of their permissions."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound
from databricks.sdk.service.ml import (
    ExperimentAccessControlRequest,
    ExperimentPermissionLevel,
    ExperimentTag,
    Metric,
    Param,
    UpdateRunStatus,
)

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server

HOME = "/Users/admin@example.test"


@pytest.fixture
def sdk(strict_workspace: Workspace) -> Iterator[WorkspaceClient]:
    with Server(strict_workspace.application) as server:
        yield WorkspaceClient(host=server.url, token=strict_workspace.token, auth_type="pat")


def test_experiments_are_made_and_found(sdk: WorkspaceClient) -> None:
    """G4: the SDK turns the reply for a missing node into NotFound."""
    made = sdk.experiments.create_experiment(f"{HOME}/x", tags=[ExperimentTag("a", "1")]).experiment_id
    for number in range(3):
        sdk.experiments.create_experiment(f"{HOME}/{number}")
    assert len([*sdk.experiments.search_experiments(max_results=2)]) == 4
    assert len([*sdk.experiments.list_experiments(max_results=2)]) == 4
    found = sdk.experiments.get_by_name(f"{HOME}/x").experiment
    assert found is not None
    assert found.experiment_id == made
    with pytest.raises(NotFound):
        sdk.experiments.get_by_name(f"{HOME}/no")
    with pytest.raises(BadRequest):
        sdk.experiments.create_experiment("relative")


def test_runs_are_logged_and_searched(sdk: WorkspaceClient) -> None:
    experiment = sdk.experiments.create_experiment(f"{HOME}/x").experiment_id or ""
    for number in range(3):
        made = sdk.experiments.create_run(experiment_id=experiment, start_time=number).run
        assert made is not None
        assert made.info is not None
        run = made.info.run_id or ""
        sdk.experiments.log_batch(run_id=run, params=[Param("depth", str(number))],
                                  metrics=[Metric(key="rmse", value=number / 2, timestamp=1, step=0)])
    sdk.experiments.update_run(run_id=run, status=UpdateRunStatus.FINISHED, end_time=9)
    found = [*sdk.experiments.search_runs(experiment_ids=[experiment], filter="metrics.rmse > 0", max_results=1)]
    assert [one.info.start_time for one in found if one.info] == [2, 1]
    assert [one.value for one in sdk.experiments.get_history("rmse", run_id=run)] == [1]
    assert [*sdk.experiments.list_artifacts(run_id=run)] == []


def test_an_experiment_is_shared(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    strict_workspace.add_user("anna@example.test")
    experiment = sdk.experiments.create_experiment(f"{HOME}/x").experiment_id or ""
    entry = ExperimentAccessControlRequest(user_name="anna@example.test",
                                           permission_level=ExperimentPermissionLevel.CAN_EDIT)
    told = sdk.experiments.update_permissions(experiment, access_control_list=[entry])
    assert (told.object_id, told.object_type) == (f"/experiments/{experiment}", "mlflowExperiment")
    assert "anna@example.test" in {row.user_name for row in told.access_control_list or []}


def test_a_model_moves_between_stages(sdk: WorkspaceClient) -> None:
    """G5: over the workspace registry's routes."""
    sdk.model_registry.create_model("churn")
    for _ in range(2):
        made = sdk.model_registry.create_model_version("churn", "dbfs:/x").model_version
        assert made is not None
        assert made.status is not None
        assert made.status.value == "PENDING_REGISTRATION"
        moved = sdk.model_registry.transition_stage("churn", made.version or "", "Production", True)
        assert moved.model_version_databricks is not None
    found = [*sdk.model_registry.search_model_versions(filter="name='churn'", max_results=1)]
    assert [(one.version, one.current_stage) for one in found] == [("2", "Production"), ("1", "Archived")]
    assert [one.version for one in sdk.model_registry.get_latest_versions("churn", stages=["Production"])] == ["2"]
    model = sdk.model_registry.get_model("churn").registered_model_databricks
    assert model is not None
    assert sdk.model_registry.get_permissions(model.id or "").object_type == "registered-model"
    sdk.model_registry.delete_model_tag("churn", "none")
    sdk.model_registry.delete_model_version("churn", "1")
    with pytest.raises(BadRequest):
        sdk.model_registry.delete_model("churn")


def test_models_of_unity_catalog_have_aliases(sdk: WorkspaceClient) -> None:
    """G5: names of three parts."""
    name = sdk.registered_models.create(catalog_name="main", schema_name="default", name="churn").full_name or ""
    body = {"name": name, "source": "dbfs:/x"}
    sdk.api_client.do("POST", "/api/2.0/mlflow/unity-catalog/model-versions/create", body=body)
    assert sdk.registered_models.set_alias(name, "champion", 1).version_num == 1
    assert sdk.model_versions.get_by_alias(name, "champion", include_aliases=True).version == 1
    assert [one.full_name for one in sdk.registered_models.list()] == [name]
    assert [one.version for one in sdk.model_versions.list(name)] == [1]
    assert [one.name for one in sdk.schemas.list("main")] == ["default"]
    sdk.model_versions.delete(name, 1)
    sdk.registered_models.delete(name)
    with pytest.raises(NotFound):
        sdk.registered_models.get(name)
