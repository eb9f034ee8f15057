"""The run a request names, for a caller who may do what it asks."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.mlflow.errors import no_run, no_such_experiment, run_not_active
from sandbox.databricks.mlflow.experiment import ACTIVE, Experiment
from sandbox.databricks.mlflow.experiments import CAN_EDIT
from sandbox.databricks.mlflow.run import TrackedRun


def run_of(call: Call, fields: dict[str, Any], needed: str) -> TrackedRun:
    """`run_uuid` is the older name of `run_id`. What one may do with a run is decided on its experiment."""
    run_id = fields.get("run_id") or fields.get("run_uuid")
    if not run_id:
        refuse_missing("run_id")
    run = call.state.mlflow.runs.find(run_id)
    if run is None:
        raise no_run(run_id)
    call.state.mlflow.experiments.get(run.experiment_id, call.caller, needed)
    return run


def run_to_log_to(call: Call, fields: dict[str, Any]) -> TrackedRun:
    """Nothing can be logged to a run that was deleted."""
    run = run_of(call, fields, CAN_EDIT)
    if run.lifecycle_stage != ACTIVE:
        raise run_not_active(run.run_id, run.lifecycle_stage)
    return run


def experiment_of(call: Call, experiment_id: str, needed: str) -> Experiment:
    experiment = call.state.mlflow.experiments.find(experiment_id)
    if experiment is None:
        raise no_such_experiment(experiment_id)
    call.state.mlflow.experiments.check(experiment, call.caller, needed)
    return experiment
