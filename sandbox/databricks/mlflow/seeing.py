"""Who sees what of long lists: the caller's rights are looked up once, not for each object."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sandbox.databricks.call import Call
from sandbox.databricks.mlflow.experiment import Experiment
from sandbox.databricks.mlflow.experiments import EXPERIMENTS
from sandbox.databricks.permissions.access import ObjectKind
from sandbox.databricks.workspace_files.paths import parent_of


def sees_experiments(call: Call) -> Callable[[Experiment], bool]:
    """Those granted to the caller or a group, and all in folders the caller may read."""
    may_see = sees_objects(call, EXPERIMENTS)

    @cache
    def may_read(folder: str) -> bool:
        return call.state.files.level(folder, call.caller) >= 0

    return lambda experiment: may_see(experiment.experiment_id) or may_read(parent_of(experiment.name))


def sees_objects(call: Call, kind: ObjectKind) -> Callable[[str], bool]:
    """Whether anything at all was granted on an object, by its id; admins see all."""
    if call.is_admin:
        return lambda _: True
    granted = call.state.access.granted_to(kind, call.identities)
    return granted.__contains__
