"""The models of one registry: found by name, their versions by model and by run."""
from __future__ import annotations

from sandbox.databricks.memory import Memory
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel

# Above 2**53, so that a client which goes through floating point numbers is found out.
_FIRST_ID, _STEP = 9_007_199_254_742_111, 10_009


class ModelStore:
    """`name` tells the registries of a workspace apart.

    A version can be used `registration_seconds` after it was made; every new version of a model in
    `registration_failures` fails with the message that stands there.
    """

    def __init__(self, memory: Memory, name: str) -> None:
        self.registration_seconds = 0.0
        self.registration_failures: dict[str, str] = {}
        self._models = memory.collection(f"{name}_model", RegisteredModel)
        self._by_name = self._models.index(lambda model: [model.name])
        self._versions = memory.collection(f"{name}_version", ModelVersion)
        self._by_model = self._versions.index(lambda version: [version.model_id])
        self._by_run = self._versions.index(lambda version: [version.run_id] if version.run_id else [])
        self._in_order: list[RegisteredModel] | None = None
        self._new_id = memory.counter(f"{name}_model", _FIRST_ID, _STEP)
        memory.when_taken_back(self._forget_order)

    def add(self, name: str, user: str, now: float) -> RegisteredModel:
        model = RegisteredModel(str(self._new_id()), name, user, now, now)
        self._models[model.model_id] = model
        self._in_order = None
        return model

    def put(self, model: RegisteredModel, now: float) -> None:
        """Keep a model that was changed."""
        model.updated = now
        self._models[model.model_id] = model
        self._in_order = None

    def named(self, name: str) -> RegisteredModel | None:
        return self._by_name.first(name)

    def find(self, model_id: str) -> RegisteredModel | None:
        return self._models.get(model_id)

    def by_name(self) -> list[RegisteredModel]:
        """All of them. Sorted anew only after a change."""
        if self._in_order is None:
            self._in_order = sorted(self._models.values(), key=lambda model: model.name)
        return self._in_order

    def remove(self, model: RegisteredModel) -> None:
        for version in self.versions(model):
            del self._versions[version.key]
        del self._models[model.model_id]
        self._in_order = None

    def versions(self, model: RegisteredModel) -> list[ModelVersion]:
        """Oldest first."""
        return self._by_model.of(model.model_id)

    def version(self, model: RegisteredModel, number: int) -> ModelVersion | None:
        return self._versions.get(f"{model.model_id}/{number}")

    def all_versions(self) -> list[ModelVersion]:
        return list(self._versions.values())

    def versions_of_run(self, run_id: str) -> list[ModelVersion]:
        return self._by_run.of(run_id)

    def put_version(self, version: ModelVersion, now: float) -> None:
        """Keep a version that is new or was changed."""
        version.updated = now
        self._versions[version.key] = version

    def remove_version(self, model: RegisteredModel, version: ModelVersion) -> None:
        """Its aliases go with it."""
        del self._versions[version.key]
        model.aliases = {alias: number for alias, number in model.aliases.items() if number != version.version}
        self._models[model.model_id] = model

    def _forget_order(self) -> None:
        self._in_order = None
