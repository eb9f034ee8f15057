"""MLflow tracking: the runs of experiments."""
from __future__ import annotations

import random
import uuid
from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.mlflow.errors import experiment_not_active
from sandbox.databricks.mlflow.experiment import ACTIVE, DELETED
from sandbox.databricks.mlflow.experiments import CAN_EDIT, CAN_READ
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.mlflow.run import TrackedRun
from sandbox.databricks.mlflow.run_access import experiment_of, run_of, run_to_log_to
from sandbox.databricks.mlflow.run_search import search_runs

_RUN_NAME = "mlflow.runName"
_USER = "mlflow.user"
_ENDED = {"FINISHED", "FAILED", "KILLED"}
_ADJECTIVES = ("bold", "calm", "fair", "glad", "kind", "proud", "quick", "silent", "stately", "wise")
_ANIMALS = ("ape", "bee", "crane", "deer", "finch", "goat", "hare", "lynx", "mole", "wren")


def tracked_run_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST runs/create": _create, "GET runs/get": _get, "POST runs/update": _update, "POST runs/search": search_runs,
        "POST runs/delete": _delete, "POST runs/restore": _restore,
        "POST databricks/runs/delete-runs": _delete_many, "POST databricks/runs/restore-runs": _restore_many,
    }
    return routes_below("/api/2.0/mlflow", handlers)


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/create", "experiment_id")
    experiment = experiment_of(call, fields["experiment_id"], CAN_EDIT)
    if experiment.lifecycle_stage != ACTIVE:
        raise experiment_not_active(experiment.experiment_id, experiment.lifecycle_stage)
    tags = {_USER: call.caller.name, **checked_tags(fields.get("tags", []))}
    run_id = uuid.uuid4().hex
    run = TrackedRun(run_id, experiment.experiment_id, call.caller.name,
                     fields.get("start_time", int(call.now * 1000)),
                     f"{experiment.artifact_location}/{run_id}/artifacts", tags=tags)
    _name(run, fields.get("run_name") or tags.get(_RUN_NAME) or _some_name())
    call.state.mlflow.runs.put(run)
    return {"run": run.as_json()}


def _get(call: Call) -> dict[str, Any]:
    """A run that was deleted is still there to be read."""
    return {"run": run_of(call, call.fields("mlflow/runs/get"), CAN_READ).as_json()}


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/update")
    run = run_to_log_to(call, fields)
    run.status = fields.get("status", run.status)
    if "end_time" in fields or run.status in _ENDED:
        run.end_time = fields.get("end_time", run.end_time)
    if fields.get("run_name"):
        _name(run, fields["run_name"])
    call.state.mlflow.runs.put(run)
    return {"run_info": run.info()}


def _delete(call: Call) -> dict[str, Any]:
    _set_stage(call, [run_of(call, call.fields("mlflow/runs/delete"), CAN_EDIT)], DELETED)
    return {}


def _restore(call: Call) -> dict[str, Any]:
    _set_stage(call, [run_of(call, call.fields("mlflow/runs/restore"), CAN_EDIT)], ACTIVE)
    return {}


def _delete_many(call: Call) -> dict[str, Any]:
    """Those created at or before a moment."""
    fields = _bulk(call, "delete-runs", "max_timestamp_millis")
    runs = [run for run in call.state.mlflow.runs.of(fields["experiment_id"])
            if run.lifecycle_stage == ACTIVE and run.start_time <= fields["max_timestamp_millis"]]
    runs = runs[:fields.get("max_runs", len(runs))]
    _set_stage(call, runs, DELETED)
    return {"runs_deleted": len(runs)}


def _restore_many(call: Call) -> dict[str, Any]:
    """Those deleted at or after a moment."""
    fields = _bulk(call, "restore-runs", "min_timestamp_millis")
    runs = [run for run in call.state.mlflow.runs.of(fields["experiment_id"])
            if run.deleted is not None and run.deleted * 1000 >= fields["min_timestamp_millis"]]
    runs = runs[:fields.get("max_runs", len(runs))]
    _set_stage(call, runs, ACTIVE)
    return {"runs_restored": len(runs)}


def _bulk(call: Call, operation: str, moment: str) -> dict[str, Any]:
    fields = call.fields(f"mlflow/databricks/runs/{operation}")
    for name in ("experiment_id", moment):
        if fields.get(name) is None:
            refuse_missing(name)
    experiment_of(call, fields["experiment_id"], CAN_EDIT)
    if fields.get("max_runs", 1) < 1:
        fields["max_runs"] = 0
    return fields


def _set_stage(call: Call, runs: list[TrackedRun], stage: str) -> None:
    for run in runs:
        run.lifecycle_stage = stage
        run.deleted = call.now if stage == DELETED else None
        call.state.mlflow.runs.put(run)


def _name(run: TrackedRun, name: str) -> None:
    """The name is a tag as well."""
    run.run_name = run.tags[_RUN_NAME] = name


def _some_name() -> str:
    """As the service gives where a client gives none: `stately-wren-417`."""
    pick = random.choice
    return f"{pick(_ADJECTIVES)}-{pick(_ANIMALS)}-{random.randrange(1000)}"  # noqa: S311 - a name for people
