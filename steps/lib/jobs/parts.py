"""What one step computes for all jobs and a later one puts into them: clusters, or libraries."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from steps.lib.errors import InputError
from steps.lib.json_files.json_reader import Json


@dataclass(frozen=True)
class Parts:
    """`default` is for every job that says so, None where none does; `own` has those of single jobs by their name."""

    file: str
    default: Json = None
    own: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def from_json(cls, file: str, data: Mapping[str, Json]) -> Parts:
        """From the content of the generated file `file`."""
        own = data.get("jobs")
        return cls(file, data.get("default"), own if isinstance(own, dict) else {})

    @property
    def content(self) -> dict[str, Json]:
        return {"default": self.default, "jobs": dict(self.own)}

    def of(self, name: str, *, own: bool) -> Json:
        """The part of the job `name`; an InputError where the file is of another state of the configs."""
        part = self.own.get(name) if own else self.default
        if part is None:
            message = f"{self.file}: nothing for the job {name!r}, expected what the configs ask for now"
            raise InputError([f"{message}; run the steps that generate it again"])
        return part
