"""What Unity Catalog remembers: catalogs and schemas, and the models in them."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from sandbox.databricks.memory import Memory
from sandbox.databricks.registry.model import RegisteredModel
from sandbox.databricks.registry.model_store import ModelStore
from sandbox.databricks.replies import without_empty

MAIN, DEFAULT = "main", "default"


@dataclass(frozen=True)
class Container:
    """A catalog or, with a dot in its name, a schema. Times in seconds since 1970."""

    full_name: str
    owner: str
    created: float
    comment: str = ""

    @property
    def catalog(self) -> str:
        return self.full_name.partition(".")[0]

    def as_json(self, metastore_id: str) -> dict[str, Any]:
        moment = int(self.created * 1000)
        kind = "SCHEMA" if "." in self.full_name else "CATALOG"
        parent = {"catalog_name": self.catalog} if kind == "SCHEMA" else {"isolation_mode": "OPEN"}
        return {"name": self.full_name.rpartition(".")[2], "full_name": self.full_name, **parent, "owner": self.owner,
                "catalog_type": "MANAGED_CATALOG", "securable_type": kind, "metastore_id": metastore_id,
                "created_at": moment, "created_by": self.owner, "updated_at": moment, "updated_by": self.owner,
                **without_empty(comment=self.comment)}


class UnityCatalog(ModelStore):
    """There is `main.default` from the start, where everyone may create models, as in a new workspace.

    https://learn.microsoft.com/azure/databricks/data-governance/unity-catalog/get-started
    """

    def __init__(self, memory: Memory, org_id: str, now: float) -> None:
        super().__init__(memory, "unity_catalog")
        self._in_schema = self._models.index(lambda model: [model.name.rpartition(".")[0]])
        self.metastore_id = str(uuid5(NAMESPACE_DNS, org_id))
        self._containers = memory.collection("unity_catalog_container", Container)
        self._below = self._containers.index(lambda one: [one.catalog] if "." in one.full_name else [""])
        with memory.lock:
            if not self._containers:
                for name in (MAIN, f"{MAIN}.{DEFAULT}"):
                    self.add_container(Container(name, "System user", now))

    def container(self, full_name: str) -> Container | None:
        return self._containers.get(full_name.lower())

    def containers(self, catalog: str = "") -> list[Container]:
        """The schemas of a catalog; without one the catalogs."""
        return self._below.of(catalog.lower())

    def add_container(self, container: Container) -> None:
        self._containers[container.full_name] = container

    def remove_container(self, container: Container) -> None:
        del self._containers[container.full_name]

    def models_in(self, schema: str) -> list[RegisteredModel]:
        return self._in_schema.of(schema.lower())
