"""What a person may change on a workspace that runs, beside its API: how it behaves, and who asks."""
from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.databricks.delays import Delays
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.state import WorkspaceState
from sandbox.databricks.workspace import Workspace

# The name of a switch or number, and what has it as an attribute.
_SETTINGS: Mapping[str, Callable[[WorkspaceState], object]] = {
    "strict": lambda state: state, "serverless": lambda state: state, "installs_on_stopped": lambda state: state,
    "policies_fill_fixed_values": lambda state: state, "cluster_is_missing": lambda state: state.first_reads,
    "libraries_are_missing": lambda state: state.first_reads, "libraries_are_empty": lambda state: state.first_reads,
    "stale_reads": lambda state: state.repos,
}
_RATE_LIMITS = "rate_limits"
_DELAYS = tuple(field.name for field in dataclasses.fields(Delays))
_IN_WORDS: Mapping[type, str] = {bool: "true or false", int: "a whole number", dict: "an object of seconds"}


class Administration:
    """Of one workspace, in the JSON of the admin service. What is wrong in it is a ValueError with a sentence."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def settings(self) -> dict[str, Any]:
        """What each is about stands where the workspace has it; `delays` are in seconds."""
        with self._workspace.state.lock:
            state = self._workspace.state
            return {**{name: getattr(holder(state), name) for name, holder in _SETTINGS.items()},
                    _RATE_LIMITS: self._workspace.rate_limits.are_set, "delays": dataclasses.asdict(state.delays)}

    def change(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is not named stays as it is; nothing is changed where one value is wrong."""
        before = self.settings()
        for name, value in data.items():
            _expect(name in before, f"{name}: known are {', '.join(before)}")
            kind = type(before[name])
            _expect(type(value) is kind, f"{name}: got {json.dumps(value)}, expected {_IN_WORDS[kind]}")
            _expect(kind is not int or value >= 0, f"{name}: got {value!r}, expected no less than 0")
        delays = data.get("delays", {})
        for name, value in delays.items():
            _expect(name in _DELAYS, f"delays.{name}: known are {', '.join(_DELAYS)}")
            _expect(_are_seconds(value), f"delays.{name}: got {json.dumps(value)}, expected seconds, no less than 0")
        self._apply(data, delays)
        return self.settings()

    def identities(self) -> list[dict[str, Any]]:
        """The users and service principals of the workspace, by the names that `token` takes."""
        with self._workspace.state.lock:
            directory = self._workspace.state.directory
            members = [*directory.all(PrincipalKind.USER), *directory.all(PrincipalKind.SERVICE_PRINCIPAL)]
            return [{"name": member.name, "kind": member.kind.value, "admin": directory.is_admin(member),
                     "groups": sorted(group.name for group in directory.groups_of(member))} for member in members]

    def token(self, name: str) -> str:
        """A new personal access token of the member `name`."""
        names = [member["name"] for member in self.identities()]
        known = next((one for one in names if one.lower() == name.lower()), "")
        _expect(bool(known), f"name: got {name!r}, known are {', '.join(names)}")
        return self._workspace.add_token(known)

    def _apply(self, data: dict[str, Any], delays: dict[str, Any]) -> None:
        workspace = self._workspace
        with workspace.state.lock:
            for name in data.keys() & _SETTINGS.keys():
                setattr(_SETTINGS[name](workspace.state), name, data[name])
            if delays:
                workspace.set_delays(dataclasses.replace(workspace.state.delays, **delays))
        if _RATE_LIMITS in data:
            (workspace.rate_limits.set if data[_RATE_LIMITS] else workspace.rate_limits.clear)()


def _are_seconds(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _expect(is_right: bool, message: str) -> None:
    if not is_right:
        raise ValueError(message)
