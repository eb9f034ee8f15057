"""MLflow tracking: the experiments."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.mlflow.errors import (
    bad_experiment_name,
    experiment_not_active,
    no_node,
    no_parent,
    node_exists,
    not_in_a_repo,
)
from sandbox.databricks.mlflow.experiment import ACTIVE, DELETED, Experiment, server_tags
from sandbox.databricks.mlflow.experiment_search import list_experiments, search_experiments
from sandbox.databricks.mlflow.experiments import CAN_EDIT, CAN_MANAGE, CAN_READ
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.workspace_files.files import REPOS
from sandbox.databricks.workspace_files.folders import in_git_folder
from sandbox.databricks.workspace_files.paths import ROOT, is_below, parent_of, read_path
from sandbox.databricks.workspace_files.tree import Kind


def experiment_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST create": _create, "GET get": _get, "GET get-by-name": _get_by_name, "GET list": list_experiments,
        "POST search": search_experiments, "GET search": search_experiments, "POST update": _update,
        "POST delete": _delete, "POST restore": _restore, "POST set-experiment-tag": _set_tag,
    }
    return routes_below("/api/2.0/mlflow/experiments", handlers)


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/experiments/create")
    name = _new_name(call, fields.get("name", ""))
    store = call.state.mlflow.experiments
    identity = store.new_id()
    location = fields.get("artifact_location") or f"dbfs:/databricks/mlflow-tracking/{identity}"
    tags = {**checked_tags(fields.get("tags", [])), **server_tags(name, call.caller)}
    store.add(Experiment(identity, name, location.rstrip("/"), call.now, call.now, tags), call.caller)
    return {"experiment_id": identity}


def _get(call: Call) -> dict[str, Any]:
    return {"experiment": _experiment(call, call.fields("mlflow/experiments/get"), CAN_READ).as_json()}


def _get_by_name(call: Call) -> dict[str, Any]:
    name = _read_name(call.fields("mlflow/experiments/get-by-name").get("experiment_name", ""))
    found = call.state.mlflow.experiments.named(name)
    # What one may not even see does not exist for one, as with files.
    if found is None or not call.state.mlflow.experiments.has_level(found, call.caller, CAN_READ):
        raise no_node(name)
    return {"experiment": found.as_json()}


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/experiments/update")
    experiment = _active(_experiment(call, fields, CAN_MANAGE))
    if fields.get("new_name"):
        name = _read_name(fields["new_name"])
        if name != experiment.name:
            experiment.name = _new_name(call, name)
            experiment.tags["mlflow.experiment.sourceName"] = experiment.name
    call.state.mlflow.experiments.changed(experiment, call.now)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    """Its runs go with it, and come back with it."""
    experiment = _active(_experiment(call, call.fields("mlflow/experiments/delete"), CAN_MANAGE))
    experiment.lifecycle_stage = DELETED
    call.state.mlflow.experiments.changed(experiment, call.now)
    return {}


def _restore(call: Call) -> dict[str, Any]:
    experiment = _experiment(call, call.fields("mlflow/experiments/restore"), CAN_MANAGE)
    if experiment.lifecycle_stage == ACTIVE:
        refuse(f"Experiment {experiment.experiment_id} is not deleted")
    _check_place(call, experiment.name)
    experiment.lifecycle_stage = ACTIVE
    call.state.mlflow.experiments.changed(experiment, call.now)
    return {}


def _set_tag(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/experiments/set-experiment-tag")
    experiment = _active(_experiment(call, fields, CAN_EDIT))
    experiment.tags.update(checked_tags([fields]))
    call.state.mlflow.experiments.changed(experiment, call.now)
    return {}


def _experiment(call: Call, fields: dict[str, Any], needed: str) -> Experiment:
    if not fields.get("experiment_id"):
        refuse_missing("experiment_id")
    return call.state.mlflow.experiments.get(fields["experiment_id"], call.caller, needed)


def _active(experiment: Experiment) -> Experiment:
    if experiment.lifecycle_stage != ACTIVE:
        raise experiment_not_active(experiment.experiment_id, experiment.lifecycle_stage)
    return experiment


def _read_name(name: str) -> str:
    """The path it means: the prefix `/Workspace` is taken off."""
    if not name.startswith("/"):
        raise bad_experiment_name(name)
    path = read_path(name)
    if path == ROOT:
        raise bad_experiment_name(name)
    return path


def _new_name(call: Call, name: str) -> str:
    """A path that is free, in a folder that is there and that the caller may put something into."""
    path = _read_name(name)
    _check_place(call, path)
    call.state.files.check_folder(parent_of(path), call.caller)
    return path


def _check_place(call: Call, path: str) -> None:
    """Two objects of the workspace never have one path, whatever they are."""
    files, folder = call.state.files, parent_of(path)
    if files.find(path) is not None:
        raise node_exists(path)
    found = files.find(folder)
    if found is None or found.kind is not Kind.DIRECTORY:
        raise no_parent(folder)
    if folder == REPOS or is_below(folder, REPOS) or in_git_folder(files, folder):
        raise not_in_a_repo()
