"""The Global Init Scripts API."""
from __future__ import annotations

import secrets
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import deny, refuse
from sandbox.databricks.fields import read_base64
from sandbox.databricks.workspace_settings.global_init_scripts import GlobalInitScript

_PATH = "/api/2.0/global-init-scripts"
_LARGEST = 64 * 1024


def global_init_script_routes() -> Routes:
    one = f"{_PATH}/{{id}}"
    return [("GET", _PATH, _list), ("POST", _PATH, _create), ("GET", one, _get), ("PATCH", one, _update),
            ("DELETE", one, _delete)]


def _list(call: Call) -> dict[str, Any]:
    _check_admin(call)
    call.fields("global-init-scripts/read")
    return {"scripts": [script.as_json() for script in call.state.global_init_scripts.ordered()]}


def _get(call: Call) -> dict[str, Any]:
    _check_admin(call)
    script = call.state.global_init_scripts.script(call.request.arguments["id"])
    return {**script.as_json(), "script": script.script}


def _create(call: Call) -> dict[str, Any]:
    _check_admin(call)
    fields = _read(call, "create")
    who, now, scripts = call.caller.name, int(call.now * 1000), call.state.global_init_scripts
    script = GlobalInitScript(secrets.token_hex(8).upper(), fields["name"], fields["script"], 0, who, now, who, now,
                              fields.get("enabled", False))
    scripts.put(script, fields.get("position", len(scripts.ordered())))
    return {"script_id": script.script_id}


def _update(call: Call) -> dict[str, Any]:
    """Name and script must be given, as at the start; what else is left out stays."""
    _check_admin(call)
    script = call.state.global_init_scripts.script(call.request.arguments["id"])
    fields = _read(call, "update")
    script.name, script.script = fields["name"], fields["script"]
    script.enabled = fields.get("enabled", script.enabled)
    script.updated_by, script.updated_at = call.caller.name, int(call.now * 1000)
    call.state.global_init_scripts.put(script, fields.get("position", script.position))
    return {}


def _delete(call: Call) -> dict[str, Any]:
    _check_admin(call)
    call.state.global_init_scripts.remove(call.request.arguments["id"])
    return {}


def _read(call: Call, endpoint: str) -> dict[str, Any]:
    fields = call.fields(f"global-init-scripts/{endpoint}", "name", "script")
    if fields.get("position", 0) < 0:
        refuse(f"position must not be negative, got {fields['position']}")
    size = len(read_base64(fields["script"], "script"))
    if size > _LARGEST:
        refuse(f"script: at most {_LARGEST} bytes are allowed, got {size}")
    return fields


def _check_admin(call: Call) -> None:
    if not call.is_admin:
        deny("Only admin users can read and change global init scripts.")
