"""The ids of workspace objects: found by what lies where, by id, and by the folder they are below."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.databricks.memory import Memory
from sandbox.databricks.workspace_files.paths import ancestors

# Above 2**53 and odd, so that a client which goes through floating point numbers is found out.
_FIRST_ID, _STEP = 9_307_199_254_740_993, 104_730


@dataclass(frozen=True)
class WorkspaceObject:
    """`segment` names its kind in the Permissions API; `created` in seconds since 1970."""

    id: int
    segment: str
    path: str
    created: float


class WorkspaceObjects:
    """Those that were looked at once; what lies on disk and was never asked for has no id yet."""

    def __init__(self, memory: Memory) -> None:
        self._objects = memory.collection("workspace_object", WorkspaceObject)
        self._places = self._objects.index(
            lambda one: [_place(one.segment, one.path), one.path, *ancestors(one.path)[:-1]])
        self._new_id = memory.counter("workspace_object", _FIRST_ID, _STEP)

    def find(self, segment: str, path: str) -> WorkspaceObject | None:
        return self._places.first(_place(segment, path))

    def add(self, segment: str, path: str, created: float, number: int | None = None) -> WorkspaceObject:
        made = WorkspaceObject(self._new_id() if number is None else number, segment, path, created)
        self._objects[str(made.id)] = made
        return made

    def by_id(self, object_id: str) -> WorkspaceObject | None:
        return self._objects.get(object_id)

    def remove(self, one: WorkspaceObject) -> None:
        del self._objects[str(one.id)]

    def at_or_below(self, path: str) -> list[WorkspaceObject]:
        """Those at `path`, which is not the root, and in it at any depth."""
        return self._places.of(path)


def _place(segment: str, path: str) -> str:
    """No path looks like this: it would begin with a slash."""
    return f"{segment} {path}"
