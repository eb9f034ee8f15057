"""What all projects of an organisation keep for their pipelines, found by project, name and number."""
from __future__ import annotations

from dataclasses import replace
from typing import Generic, TypeVar

from sandbox.azure_devops.projects.library import AgentQueue, Environment, LastNumber, Pipeline, VariableGroup
from sandbox.azure_devops.projects.resources import PipelinePermissions
from sandbox.storage import Storage
from sandbox.table import Table

Kept = TypeVar("Kept", bound=Pipeline | VariableGroup | Environment | AgentQueue)



class Shelf(Generic[Kept]):
    """Everything of one kind, found by its project and by its name in it."""

    def __init__(self, table: Table[Kept]) -> None:
        self.table = table
        self._by_project = table.index(lambda one: [one.project])
        self._by_name = table.index(lambda one: [f"{one.project}/{one.name.casefold()}"])

    def of(self, project: str) -> list[Kept]:
        return self._by_project.of(project)

    def named(self, project: str, name: str) -> list[Kept]:
        """In any case of letters; pipelines of several folders may share a name."""
        return self._by_name.of(f"{project}/{name.casefold()}")

    def first(self, project: str, name: str) -> Kept | None:
        return self._by_name.first(f"{project}/{name.casefold()}")

    def get(self, project: str, number: int | str) -> Kept | None:
        found = self.table.get(str(number))
        return found if found and found.project == project else None

    def put(self, one: Kept) -> Kept:
        """Keep it under its number; without one it is new and gets the next."""
        if not one.id:
            return self.table.add(lambda number: replace(one, id=number))
        self.table[str(one.id)] = one
        return one

    def remove(self, number: int) -> None:
        del self.table[str(number)]


class Shelves:
    """The tables of all projects; numbers are given out over the whole organisation."""

    def __init__(self, storage: Storage) -> None:
        self.lock = storage.lock
        self.pipelines = Shelf(storage.table("pipeline", Pipeline))
        self.pipelines_by_repository = self.pipelines.table.index(
            lambda one: [f"{one.project}/{one.repository.casefold()}"])
        self._last = storage.table("last number", LastNumber)
        self.groups = Shelf(storage.table("variable group", VariableGroup))
        self.environments = Shelf(storage.table("environment", Environment))
        self.queues = Shelf(storage.table("agent queue", AgentQueue))
        self.permissions = PipelinePermissions(storage)

    def new_pipeline_number(self) -> int:
        """One that no pipeline ever had."""
        with self.lock:
            last = self._last.get("pipeline", LastNumber()).number
            number = max(self.pipelines.table.next_number(), last + 1)
            self._last["pipeline"] = LastNumber(number)
            return number
