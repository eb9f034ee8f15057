"""The experiments of a workspace, found by id and by name, and who may do what with them."""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import ApiError, no_permission
from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.errors import no_experiment, no_node_id
from sandbox.databricks.mlflow.experiment import ACTIVE, DELETED, Experiment
from sandbox.databricks.permissions.access import KINDS, Access
from sandbox.databricks.workspace_files.paths import ancestors, parent_of
from sandbox.databricks.workspace_files.tree import Kind

if TYPE_CHECKING:
    from sandbox.databricks.workspace_files.files import WorkspaceFiles

EXPERIMENTS = KINDS["experiments"]
CAN_READ, CAN_EDIT, CAN_MANAGE = "CAN_READ", "CAN_EDIT", "CAN_MANAGE"
_NEEDED = {CAN_READ: "View", CAN_EDIT: "Edit", CAN_MANAGE: "Manage"}
# What a level on a folder is worth on the experiments in it; experiments know no CAN_RUN.
_IN_A_FOLDER = ("CAN_READ", "CAN_READ", "CAN_EDIT", "CAN_MANAGE")
# Above 2**53, so that a client which goes through floating point numbers is found out.
_FIRST_ID, _STEP = 9_007_199_254_741_033, 10_007
# Experiments that are not deleted, by where they lie; no name begins like this.
_AT, _IN, _BELOW = "at ", "in ", "below "


class Experiments:
    """Levels are granted on the experiment, or inherited from the folders it lies in."""

    def __init__(self, memory: Memory, access: Access, files: WorkspaceFiles) -> None:
        self._experiments = memory.collection("mlflow_experiment", Experiment)
        self._places = self._experiments.index(_places)
        self._new_id = memory.counter("mlflow_experiment", _FIRST_ID, _STEP)
        self._access = access
        self._files = files
        files.register.experiments = self

    def new_id(self) -> str:
        return str(self._new_id())

    def add(self, experiment: Experiment, creator: Principal) -> None:
        self._experiments[experiment.experiment_id] = experiment
        self._access.add_object(EXPERIMENTS, experiment.experiment_id, creator)

    def changed(self, experiment: Experiment, now: float) -> None:
        experiment.updated = now
        self._experiments.changed(experiment.experiment_id)

    def newest_first(self) -> Iterator[Experiment]:
        """None is ever taken away: one that is deleted can be restored."""
        return (self._experiments[key] for key in reversed(self._experiments))

    def find(self, experiment_id: str) -> Experiment | None:
        return self._experiments.get(experiment_id)

    def named(self, name: str) -> Experiment | None:
        """The active one of this name, else one that was deleted."""
        found = self._places.of(name)
        return next((one for one in found if one.lifecycle_stage == ACTIVE), found[-1] if found else None)

    def id_at(self, path: str) -> str | None:
        found = self._places.first(_AT + path)
        return None if found is None else found.experiment_id

    def paths_in(self, folder: str) -> list[str]:
        return [experiment.name for experiment in self._places.of(_IN + folder)]

    def delete_at_or_below(self, path: str, now: float) -> None:
        """With its place in the tree an experiment goes; whether the service could restore it then is told nowhere."""
        for experiment in self._places.of(_BELOW + path):
            experiment.lifecycle_stage = DELETED
            self.changed(experiment, now)

    def get(self, experiment_id: str, caller: Principal, needed: str) -> Experiment:
        """The experiment, if the caller has at least `needed` on it."""
        experiment = self.find(experiment_id)
        if experiment is None:
            raise self._other_object(experiment_id, caller) or no_node_id(experiment_id)
        self.check(experiment, caller, needed)
        return experiment

    def check(self, experiment: Experiment, caller: Principal, needed: str) -> None:
        if not self.has_level(experiment, caller, needed):
            raise no_permission(caller.name, _NEEDED[needed], f"experiment {experiment.experiment_id}")

    def has_level(self, experiment: Experiment, principal: Principal, needed: str) -> bool:
        rank = EXPERIMENTS.rank(needed)
        if self._access.level(EXPERIMENTS, experiment.experiment_id, principal) >= rank:
            return True
        inherited = self._files.level(parent_of(experiment.name), principal)
        return inherited >= 0 and EXPERIMENTS.rank(_IN_A_FOLDER[inherited]) >= rank

    def _other_object(self, object_id: str, caller: Principal) -> ApiError | None:
        one = self._files.register.by_id(object_id)
        found = None if one is None else self._files.find(one.path)
        if found is None or found.kind is Kind.NOTEBOOK or not self._files.has_level(found.path, caller, CAN_READ):
            return None
        return no_experiment(object_id, found.kind.value)


def _places(experiment: Experiment) -> Iterator[str]:
    """Its name; and of one that is there, where it lies."""
    yield experiment.name
    if experiment.lifecycle_stage == ACTIVE:
        yield _AT + experiment.name
        yield _IN + parent_of(experiment.name)
        yield from (_BELOW + path for path in (experiment.name, *ancestors(experiment.name)))
