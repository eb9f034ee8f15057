"""Scripts that every cluster would run at its start. They are kept and told; clusters here run none."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.databricks.errors import not_found
from sandbox.databricks.memory import Memory


@dataclass
class GlobalInitScript:
    """Times in milliseconds since 1970; `script` is base64, as it was sent."""

    script_id: str
    name: str
    script: str
    position: int
    created_by: str
    created_at: int
    updated_by: str
    updated_at: int
    enabled: bool

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "script"}


class GlobalInitScripts:
    """Their positions are those of one list, without gaps."""

    def __init__(self, memory: Memory) -> None:
        self._scripts = memory.collection("global_init_script", GlobalInitScript)

    def ordered(self) -> list[GlobalInitScript]:
        return sorted(self._scripts.values(), key=lambda script: script.position)

    def script(self, script_id: str) -> GlobalInitScript:
        found = self._scripts.get(script_id)
        if found is None:
            message = f"The global init script {script_id} does not exist."
            raise not_found(message)
        return found

    def put(self, script: GlobalInitScript, position: int) -> None:
        """Keep it, new or changed, at `position`; those after it move on."""
        others = [other for other in self.ordered() if other.script_id != script.script_id]
        self._scripts[script.script_id] = script
        self._number([*others[:position], script, *others[position:]])

    def remove(self, script_id: str) -> None:
        del self._scripts[self.script(script_id).script_id]
        self._number(self.ordered())

    def _number(self, scripts: list[GlobalInitScript]) -> None:
        for position, script in enumerate(scripts):
            script.position = position
            self._scripts.changed(script.script_id)
