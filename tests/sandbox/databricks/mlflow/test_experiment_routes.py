"""Experiments of MLflow: pitfall G4 and the contract's section 8."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.conftest import HOME, done, mlflow, start_run


def tags_of(client: Client, experiment_id: str) -> dict[str, str]:
    rows = client.get("2.0/mlflow/experiments/get", experiment_id=experiment_id).body["experiment"]["tags"]
    return {row["key"]: row["value"] for row in rows}


def test_a_missing_name_is_told_as_a_node(owner: Client) -> None:
    """G4: dbx and terraform tell a missing experiment by this code and text."""
    reply = owner.get("2.0/mlflow/experiments/get-by-name", experiment_name=f"{HOME}/no")
    assert (reply.status, reply.code, reply.message) == (
        404, "RESOURCE_DOES_NOT_EXIST", f"Node {HOME}/no does not exist.")


@pytest.mark.parametrize("name", ["churn", "", "Users/anna/churn", "/", "/Workspace"])
def test_a_name_that_is_no_path_is_refused(owner: Client, name: str) -> None:
    """G4: an experiment is an object of the workspace, so its name is a path."""
    reply = mlflow(owner, "experiments/create", name=name)
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert reply.message.startswith(f"Got an invalid experiment name '{name}'. An experiment name must be an absolute")


def test_the_server_adds_tags(owner: Client) -> None:
    """G4: a client that compares tags finds some it never sent."""
    sent = [{"key": "team", "value": "risk"}]
    tags = tags_of(owner, done(owner, "experiments/create", name=f"{HOME}/x", tags=sent)["experiment_id"])
    assert tags.pop("mlflow.ownerId").isdecimal()
    assert tags == {"team": "risk", "mlflow.ownerEmail": "owner@example.test", "mlflow.experimentType":
                    "MLFLOW_EXPERIMENT", "mlflow.experiment.sourceName": f"{HOME}/x"}


def test_the_prefix_of_the_workspace_is_taken_off(owner: Client) -> None:
    """G4: https://github.com/databricks/terraform-provider-databricks/issues/4601."""
    identity = done(owner, "experiments/create", name=f"/Workspace{HOME}/x")["experiment_id"]
    for name in (f"{HOME}/x", f"/Workspace{HOME}/x"):
        found = owner.get("2.0/mlflow/experiments/get-by-name", experiment_name=name).body["experiment"]
        assert (found["experiment_id"], found["name"]) == (identity, f"{HOME}/x")


def test_an_experiment_is_read_back(owner: Client, experiment: str) -> None:
    found = owner.get("2.0/mlflow/experiments/get", experiment_id=experiment).body["experiment"]
    del found["tags"]
    assert found == {"experiment_id": experiment, "name": f"{HOME}/churn", "lifecycle_stage": "active",
                     "artifact_location": f"dbfs:/databricks/mlflow-tracking/{experiment}",
                     "creation_time": 1_700_000_000_000, "last_update_time": 1_700_000_000_000}
    assert int(experiment) > 2**53


def test_a_missing_id_is_told_as_a_node(owner: Client) -> None:
    reply = owner.get("2.0/mlflow/experiments/get", experiment_id="17")
    assert (reply.status, reply.code, reply.message) == (404, "RESOURCE_DOES_NOT_EXIST", "Node ID 17 does not exist.")


def test_a_folder_must_be_there(owner: Client) -> None:
    reply = mlflow(owner, "experiments/create", name=f"{HOME}/deep/churn")
    assert (reply.status, reply.message) == (404, f"Parent directory {HOME}/deep does not exist.")


def test_a_name_is_taken_once(owner: Client, experiment: str) -> None:
    assert experiment
    owner.ask("POST", "2.0/workspace/mkdirs", {"path": f"{HOME}/folder"})
    for name in ("churn", "folder"):
        assert mlflow(owner, "experiments/create", name=f"{HOME}/{name}").code == "RESOURCE_ALREADY_EXISTS"


def test_nobody_puts_an_experiment_into_somebody_elses_folder(owner: Client, stranger: Client) -> None:
    assert owner.ask("GET", "2.0/workspace/get-status", {"path": HOME}).status == 200
    assert mlflow(stranger, "experiments/create", name=f"{HOME}/x").code == "PERMISSION_DENIED"


def test_only_a_deleted_experiment_comes_back(owner: Client, experiment: str) -> None:
    assert mlflow(owner, "experiments/restore", experiment_id=experiment).message.endswith("is not deleted")


@pytest.mark.parametrize("path", ["update", "delete", "restore", "set-experiment-tag"])
def test_a_change_names_its_experiment(owner: Client, path: str) -> None:
    assert mlflow(owner, f"experiments/{path}").message == "Missing required field: experiment_id"


def test_a_deleted_experiment_comes_back(owner: Client, experiment: str) -> None:
    done(owner, "experiments/delete", experiment_id=experiment)
    get = "2.0/mlflow/experiments/get"
    assert owner.get(get, experiment_id=experiment).body["experiment"]["lifecycle_stage"] == "deleted"
    assert mlflow(owner, "runs/create", experiment_id=experiment).status == 400
    assert mlflow(owner, "experiments/delete", experiment_id=experiment).code == "INVALID_STATE"
    done(owner, "experiments/restore", experiment_id=experiment)
    assert owner.get(get, experiment_id=experiment).body["experiment"]["lifecycle_stage"] == "active"


def test_a_deleted_experiment_does_not_come_back_over_another(owner: Client, experiment: str) -> None:
    done(owner, "experiments/delete", experiment_id=experiment)
    new = done(owner, "experiments/create", name=f"{HOME}/churn")["experiment_id"]
    found = owner.get("2.0/mlflow/experiments/get-by-name", experiment_name=f"{HOME}/churn").body["experiment"]
    assert found["experiment_id"] == new
    assert mlflow(owner, "experiments/restore", experiment_id=experiment).code == "RESOURCE_ALREADY_EXISTS"


def test_a_change_is_dated(owner: Client, experiment: str, clock: FakeClock) -> None:
    clock.advance(60)
    done(owner, "experiments/set-experiment-tag", experiment_id=experiment, key="team", value="risk")
    found = owner.get("2.0/mlflow/experiments/get", experiment_id=experiment).body["experiment"]
    assert (found["creation_time"], found["last_update_time"]) == (1_700_000_000_000, 1_700_000_060_000)


def test_an_experiment_is_renamed_and_tagged(owner: Client, experiment: str) -> None:
    done(owner, "experiments/update", experiment_id=experiment, new_name=f"{HOME}/renamed")
    done(owner, "experiments/set-experiment-tag", experiment_id=experiment, key="team", value="risk")
    assert tags_of(owner, experiment)["team"] == "risk"
    assert tags_of(owner, experiment)["mlflow.experiment.sourceName"] == f"{HOME}/renamed"
    assert owner.get("2.0/mlflow/experiments/get-by-name", experiment_name=f"{HOME}/churn").status == 404


@pytest.mark.parametrize(("level", "statuses"), [
    ("CAN_READ", [200, 403, 403]), ("CAN_EDIT", [200, 200, 403]), ("CAN_MANAGE", [200, 200, 200]),
])
def test_levels_decide(owner: Client, stranger: Client, experiment: str, level: str, statuses: list[int]) -> None:
    entry = {"user_name": "stranger@example.test", "permission_level": level}
    owner.ask("PATCH", f"2.0/permissions/experiments/{experiment}", {"access_control_list": [entry]})
    replies = [stranger.get("2.0/mlflow/experiments/get", experiment_id=experiment),
               mlflow(stranger, "runs/create", experiment_id=experiment),
               mlflow(stranger, "experiments/delete", experiment_id=experiment)]
    assert [reply.status for reply in replies] == statuses


def test_a_stranger_sees_nothing(owner: Client, stranger: Client, experiment: str) -> None:
    run = start_run(owner, experiment)
    assert stranger.get("2.0/mlflow/experiments/get", experiment_id=experiment).code == "PERMISSION_DENIED"
    assert stranger.get("2.0/mlflow/experiments/get-by-name", experiment_name=f"{HOME}/churn").status == 404
    assert stranger.get("2.0/mlflow/runs/get", run_id=run).code == "PERMISSION_DENIED"
    assert mlflow(stranger, "runs/search", experiment_ids=[experiment]).code == "PERMISSION_DENIED"
    assert mlflow(stranger, "experiments/search", max_results=10).body == {}


def test_who_manages_the_folder_manages_what_lies_in_it(admin: Client, owner: Client, stranger: Client) -> None:
    folder = {"path": f"{HOME}/team"}
    assert owner.ask("POST", "2.0/workspace/mkdirs", folder).status == 200
    identity = owner.ask("GET", "2.0/workspace/get-status", folder).body["object_id"]
    entry = {"user_name": "stranger@example.test", "permission_level": "CAN_RUN"}
    admin.ask("PATCH", f"2.0/permissions/directories/{identity}", {"access_control_list": [entry]})
    experiment = done(owner, "experiments/create", name=f"{HOME}/team/churn")["experiment_id"]
    assert stranger.get("2.0/mlflow/experiments/get", experiment_id=experiment).status == 200
    assert mlflow(stranger, "runs/create", experiment_id=experiment).status == 403
    make(owner, "not shared")
    rows = mlflow(stranger, "experiments/search", max_results=10).body["experiments"]
    assert [row["experiment_id"] for row in rows] == [experiment]


def make(owner: Client, *names: str, **fields: Any) -> None:
    for name in names:
        done(owner, "experiments/create", name=f"{HOME}/{name}", **fields)


@pytest.mark.parametrize(("text", "found"), [
    ("", ["b2", "b1", "a"]), ("name LIKE '%/b%'", ["b2", "b1"]), ("attribute.name ILIKE '%B1'", ["b1"]),
    ("tags.team = 'risk'", ["b2", "b1", "a"]), ("tags.`team` != 'risk'", []), ("tags.no = 'x'", []),
    ("name LIKE '%b_' AND name != '/Users/owner@example.test/b1'", ["b2"]), ("creation_time > 0", ["b2", "b1", "a"]),
])
def test_experiments_are_searched(owner: Client, text: str, found: list[str]) -> None:
    make(owner, "a", "b1", "b2", tags=[{"key": "team", "value": "risk"}])
    rows = mlflow(owner, "experiments/search", max_results=10, filter=text).body.get("experiments", [])
    assert [row["name"].rpartition("/")[2] for row in rows] == found


def test_a_search_is_read_in_pages(owner: Client) -> None:
    make(owner, "a", "b", "c")
    first = mlflow(owner, "experiments/search", max_results=2, order_by=["name ASC"]).body
    second = owner.get("2.0/mlflow/experiments/list", max_results="2", page_token=first["next_page_token"]).body
    assert [row["name"][-1] for row in first["experiments"]] == ["a", "b"]
    assert ([row["name"][-1] for row in second["experiments"]], "next_page_token" in second) == (["a"], False)


def test_a_view_shows_the_deleted_ones(owner: Client, experiment: str) -> None:
    done(owner, "experiments/delete", experiment_id=experiment)
    for view, count in (("ACTIVE_ONLY", 0), ("DELETED_ONLY", 1), ("ALL", 1)):
        rows = mlflow(owner, "experiments/search", max_results=5, view_type=view).body.get("experiments", [])
        assert len(rows) == count


@pytest.mark.parametrize("body", [
    {"max_results": 0}, {"max_results": -1}, {"max_results": 50_001}, {"page_token": "?"},
    {"page_token": "b2Zmc2V0Oi0x"},
    {"filter": "name = "}, {"filter": "no.name = 'x'"}, {"filter": "tags.x = 'y' OR tags.x = 'z'"}, {"filter": "'"},
    {"filter": "owner = 'x'"}, {"order_by": ["owner"]}, {"order_by": ["name up and down"]}, {"filter": "name > 'x'"},
])
def test_bad_searches_are_refused(owner: Client, experiment: str, body: dict[str, Any]) -> None:
    assert experiment
    reply = mlflow(owner, "experiments/search", **{"max_results": 5, **body})
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
