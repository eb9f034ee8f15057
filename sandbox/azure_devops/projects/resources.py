"""Resources that pipelines use and checks protect, and which pipelines may use them."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from sandbox.storage import Storage


@dataclass(frozen=True)
class Resource:
    """`kind` and `id` as the REST API has them, `name` is for messages.

    `environment`, `variablegroup`, `queue`: a number; `endpoint`: a GUID; `repository`: `{project id}.{repository id}`.
    """

    kind: str
    id: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {(self.name or self.id)!r}"

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id.casefold()}"


@dataclass(frozen=True)
class Permission:
    """`pipelines` are the numbers of those that may use the resource; `everyone` opens it to all of its project."""

    pipelines: frozenset[int] = field(default_factory=frozenset)
    everyone: bool = False


class PipelinePermissions:
    """By resource and by the project of the pipelines: a repository may be used from several projects."""

    def __init__(self, storage: Storage) -> None:
        self._permissions = storage.table("pipeline permission", Permission)
        self._lock = storage.lock

    def of(self, project: str, resource: Resource) -> Permission:
        return self._permissions.get(f"{project}/{resource.key}", Permission())

    def allows(self, project: str, resource: Resource, pipeline: int) -> bool:
        known = self.of(project, resource)
        return known.everyone or pipeline in known.pipelines

    def authorise(self, project: str, resource: Resource, pipeline: int, *, authorised: bool = True) -> None:
        with self._lock:
            known = self.of(project, resource)
            pipelines = known.pipelines | {pipeline} if authorised else known.pipelines - {pipeline}
            self._permissions[f"{project}/{resource.key}"] = replace(known, pipelines=pipelines)

    def open(self, project: str, resource: Resource, *, everyone: bool = True) -> None:
        with self._lock:
            known = self.of(project, resource)
            self._permissions[f"{project}/{resource.key}"] = replace(known, everyone=everyone)
