"""An experiment is an object of the workspace's tree: it lies in a folder, under a path that nothing else has."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.conftest import HOME, done, mlflow, start_run
from tests.sandbox.databricks.mlflow.test_survival import restart, start
from tests.sandbox.databricks.workspace_files.conftest import NOTEBOOK, Files

PATH = f"{HOME}/churn"


@pytest.fixture
def files(owner: Client) -> Files:
    return Files(owner)


def stage(client: Client, experiment_id: str) -> str:
    reply = client.get("2.0/mlflow/experiments/get", experiment_id=experiment_id)
    return str(reply.body["experiment"]["lifecycle_stage"])


def make(client: Client, name: str) -> str:
    return str(done(client, "experiments/create", name=name)["experiment_id"])


@pytest.mark.parametrize("operation", ["list", "get-status"])
def test_an_experiment_is_told_with_its_id(files: Files, experiment: str, operation: str) -> None:
    body = files.get(operation, PATH).body
    assert (body["objects"] if operation == "list" else [body]) == [
        {"path": PATH, "object_type": "MLFLOW_EXPERIMENT", "object_id": int(experiment), "resource_id": experiment}]


def test_a_folder_is_listed_by_name_with_its_experiments(files: Files, experiment: str) -> None:
    assert experiment
    files.put(f"{HOME}/a.txt")
    files.put(f"{HOME}/train.py", NOTEBOOK)
    assert list(files.types(HOME).items()) == [
        (f"{HOME}/a.txt", "FILE"), (PATH, "MLFLOW_EXPERIMENT"), (f"{HOME}/train", "NOTEBOOK")]


@pytest.mark.parametrize("name", ["train", "a.txt", "folder"])
def test_an_experiment_takes_nobodys_path(files: Files, name: str) -> None:
    files.put(f"{HOME}/train.py", NOTEBOOK)
    files.put(f"{HOME}/a.txt")
    files.post("mkdirs", f"{HOME}/folder")
    reply = mlflow(files.client, "experiments/create", name=f"{HOME}/{name}")
    assert (reply.code, reply.message) == ("RESOURCE_ALREADY_EXISTS", f"Node named '{HOME}/{name}' already exists")


def test_nothing_takes_the_path_of_an_experiment(files: Files, experiment: str) -> None:
    assert "asked: NOTEBOOK, actual: MLFLOW_EXPERIMENT" in files.put(f"{PATH}.py", NOTEBOOK, overwrite=True).message
    assert "asked: FILE, actual: MLFLOW_EXPERIMENT" in files.put(PATH, overwrite=True).message
    for path in (PATH, f"{PATH}/below"):
        assert files.post("mkdirs", path).code == "RESOURCE_ALREADY_EXISTS"
    assert files.get("get-status", PATH).body["resource_id"] == experiment


@pytest.mark.parametrize("experiment_first", [True, False])
def test_an_experiment_has_no_part_in_the_notebook_that_lies_on_disk_as_it_is_called(
        files: Files, *, experiment_first: bool) -> None:
    path = f"{HOME}/train.py"
    if experiment_first:
        make(files.client, path)
        assert files.put(path, NOTEBOOK).status == 200
    else:
        files.put(path, NOTEBOOK)
        make(files.client, path)
    assert files.types(HOME) == {f"{HOME}/train": "NOTEBOOK", path: "MLFLOW_EXPERIMENT"}
    assert files.post("delete", path).status == 200
    assert files.types(HOME) == {f"{HOME}/train": "NOTEBOOK"}


@pytest.mark.parametrize("name", ["churn", "train"])
def test_an_experiment_lies_in_a_folder_and_in_nothing_else(files: Files, experiment: str, name: str) -> None:
    assert experiment
    files.put(f"{HOME}/train.py", NOTEBOOK)
    for reply in (mlflow(files.client, "experiments/create", name=f"{HOME}/{name}/x"), files.put(f"{PATH}/x.txt")):
        assert reply.status == 404
        assert reply.message.endswith("does not exist.")


@pytest.mark.parametrize("folder", ["/Repos", "/Repos/owner@example.test"])
def test_no_experiment_is_made_where_git_folders_lie(admin: Client, folder: str) -> None:
    Files(admin).post("mkdirs", folder)
    reply = mlflow(admin, "experiments/create", name=f"{folder}/x")
    assert (reply.code, reply.message.partition(".")[0]) == (
        "INVALID_PARAMETER_VALUE", "MLflow experiment creation is not permitted in a repo")


def test_no_experiment_is_made_in_a_checkout_elsewhere(admin: Client) -> None:
    Files(admin).post("mkdirs", "/Shared/ours/notebooks")
    admin.workspace.state.files.git_folders.add("/Shared/ours")
    reply = mlflow(admin, "experiments/create", name="/Shared/ours/notebooks/x")
    assert reply.message.startswith("MLflow experiment creation is not permitted in a repo")


def test_who_deletes_the_object_deletes_the_experiment(files: Files, experiment: str) -> None:
    assert files.post("delete", PATH).body == {}
    assert stage(files.client, experiment) == "deleted"
    assert (files.get("get-status", PATH).status, files.types(HOME)) == (404, {})


def test_who_deletes_the_experiment_deletes_the_object(files: Files, experiment: str) -> None:
    done(files.client, "experiments/delete", experiment_id=experiment)
    assert (files.get("get-status", PATH).status, files.types(HOME)) == (404, {})
    assert files.put(PATH).status == 200


def test_a_folder_with_an_experiment_is_not_empty(files: Files) -> None:
    """F9: and with the folder goes what lies deep in it, with nothing beside."""
    files.post("mkdirs", f"{HOME}/team/deep")
    deep, beside = make(files.client, f"{HOME}/team/deep/a"), make(files.client, f"{HOME}/team2")
    assert files.post("delete", f"{HOME}/team/deep").code == "DIRECTORY_NOT_EMPTY"
    files.post("delete", f"{HOME}/team", recursive=True)
    assert (stage(files.client, deep), stage(files.client, beside)) == ("deleted", "active")


def test_an_experiment_comes_back_only_into_a_folder(files: Files) -> None:
    files.post("mkdirs", f"{HOME}/team")
    experiment = make(files.client, f"{HOME}/team/a")
    files.post("delete", f"{HOME}/team", recursive=True)
    reply = mlflow(files.client, "experiments/restore", experiment_id=experiment)
    assert (reply.status, reply.message) == (404, f"Parent directory {HOME}/team does not exist.")
    files.post("mkdirs", f"{HOME}/team")
    done(files.client, "experiments/restore", experiment_id=experiment)
    assert files.types(f"{HOME}/team") == {f"{HOME}/team/a": "MLFLOW_EXPERIMENT"}


def test_an_experiment_does_not_come_back_over_a_file(files: Files, experiment: str) -> None:
    done(files.client, "experiments/delete", experiment_id=experiment)
    files.put(PATH)
    reply = mlflow(files.client, "experiments/restore", experiment_id=experiment)
    assert reply.code == "RESOURCE_ALREADY_EXISTS"


def test_a_renamed_experiment_lies_where_its_name_says(files: Files, experiment: str) -> None:
    files.post("mkdirs", f"{HOME}/team")
    done(files.client, "experiments/update", experiment_id=experiment, new_name=f"{HOME}/team/new")
    assert files.types(HOME) == {f"{HOME}/team": "DIRECTORY"}
    assert files.get("get-status", f"{HOME}/team/new").body["resource_id"] == experiment


def test_an_experiment_has_no_content(files: Files, experiment: str) -> None:
    assert experiment
    for reply in (files.get("export", PATH), files.client.get(f"2.0/workspace-files{PATH}")):
        assert (reply.status, "experiment" in reply.message) == (400, True)


def test_an_exported_folder_leaves_experiments_out(files: Files, experiment: str) -> None:
    assert experiment
    for kind in ("SOURCE", "AUTO", "DBC"):
        assert files.get("export", HOME, format=kind).status == 200


@pytest.mark.parametrize(("level", "status"), [("CAN_READ", 403), ("CAN_EDIT", 403), ("CAN_MANAGE", 200)])
def test_what_was_granted_on_the_experiment_counts_in_the_tree(
        files: Files, stranger: Client, experiment: str, level: str, status: int) -> None:
    theirs = Files(stranger)
    assert theirs.get("get-status", PATH).status == 404
    entry = {"user_name": "stranger@example.test", "permission_level": level}
    files.client.ask("PATCH", f"2.0/permissions/experiments/{experiment}", {"access_control_list": [entry]})
    assert theirs.get("get-status", PATH).body["object_id"] == int(experiment)
    assert theirs.post("delete", PATH).status == status


def test_who_reads_the_folder_sees_the_experiment(files: Files, stranger: Client) -> None:
    files.post("mkdirs", f"{HOME}/team")
    folder = files.get("get-status", f"{HOME}/team").body["object_id"]
    make(files.client, f"{HOME}/team/a")
    entry = {"user_name": "stranger@example.test", "permission_level": "CAN_READ"}
    files.client.ask("PATCH", f"2.0/permissions/directories/{folder}", {"access_control_list": [entry]})
    assert Files(stranger).types(f"{HOME}/team") == {f"{HOME}/team/a": "MLFLOW_EXPERIMENT"}
    assert Files(stranger).post("delete", f"{HOME}/team/a").status == 403


@pytest.mark.parametrize(("name", "kind"), [("team", "DIRECTORY"), ("a.txt", "FILE")])
def test_an_id_of_something_else_is_refused(files: Files, stranger: Client, name: str, kind: str) -> None:
    files.post("mkdirs", f"{HOME}/team")
    files.put(f"{HOME}/a.txt")
    number = files.get("get-status", f"{HOME}/{name}").body["object_id"]
    reply = files.client.get("2.0/mlflow/experiments/get", experiment_id=str(number))
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert reply.message == f"Expected id '{number}' to be an MLflow experiment or Databricks notebook, found '{kind}'."
    assert stranger.get("2.0/mlflow/experiments/get", experiment_id=str(number)).status == 404


def test_an_id_of_a_notebook_is_not_an_experiment_yet(files: Files) -> None:
    """The service takes it for the experiment of the notebook, which begins with its first run."""
    number = files.put(f"{HOME}/train.py", NOTEBOOK).body["object_id"]
    reply = files.client.get("2.0/mlflow/experiments/get", experiment_id=str(number))
    assert (reply.status, reply.message) == (404, f"Node ID {number} does not exist.")


def test_rights_on_what_lies_there_now_are_none_on_a_deleted_experiment(
        files: Files, stranger: Client, experiment: str) -> None:
    done(files.client, "experiments/delete", experiment_id=experiment)
    number = files.put(PATH).body["object_id"]
    entry = {"user_name": "stranger@example.test", "permission_level": "CAN_MANAGE"}
    files.client.ask("PATCH", f"2.0/permissions/files/{number}", {"access_control_list": [entry]})
    assert Files(stranger).get("get-status", PATH).status == 200
    assert stranger.get("2.0/mlflow/experiments/get", experiment_id=experiment).status == 403


def test_experiments_lie_where_they_lay_after_a_restart(tmp_path: Path) -> None:
    client = start(tmp_path)
    home = "/Users/admin@example.test"
    Files(client).post("mkdirs", f"{home}/team")
    kept, gone = make(client, f"{home}/kept"), make(client, f"{home}/team/gone")
    start_run(client, kept)
    Files(client).post("delete", f"{home}/team", recursive=True)
    client = restart(client, tmp_path)
    assert Files(client).types(home) == {f"{home}/kept": "MLFLOW_EXPERIMENT"}
    assert (stage(client, kept), stage(client, gone)) == ("active", "deleted")
