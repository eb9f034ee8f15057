"""Unity Catalog: privileges on models, which are securables of the type FUNCTION there."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import not_modelled, refuse
from sandbox.databricks.registry.model import RegisteredModel
from sandbox.databricks.unity_catalog.model_access import EXECUTE, OWN, check_principal, model_of

_PRIVILEGES = ("ALL_PRIVILEGES", "APPLY_TAG", EXECUTE, OWN)
_PATH = "/api/2.1/unity-catalog/permissions/{type}/{name}"


def grant_routes() -> Routes:
    return [("GET", _PATH, _get), ("PATCH", _PATH, _change)]


def _get(call: Call) -> dict[str, Any]:
    return _told(_model(call, EXECUTE))


def _change(call: Call) -> dict[str, Any]:
    model = _model(call, OWN)
    grants = {who: set(privileges) for who, privileges in model.grants.items()}
    for change in call.fields("unity-catalog/permissions/update").get("changes", []):
        if not change.get("principal"):
            refuse("Each change must name a principal")
        unknown = {*change.get("add", []), *change.get("remove", [])} - set(_PRIVILEGES)
        if unknown:
            refuse(f"Privilege {min(unknown)} is not applicable to a model; applicable are {', '.join(_PRIVILEGES)}")
        if change.get("add"):
            check_principal(call, change["principal"])
        held = grants.setdefault(change["principal"], set())
        held.difference_update(change.get("remove", []))
        held.update(change.get("add", []))
    model.grants = {who: sorted(privileges) for who, privileges in grants.items() if privileges}
    call.state.unity_catalog.put(model, call.now)
    return _told(model)


def _model(call: Call, needed: str) -> RegisteredModel:
    kind = call.request.arguments["type"]
    if kind.lower() != "function":
        what = f"privileges on securables of type {kind}"
        raise not_modelled(what)
    return model_of(call, call.request.arguments["name"], needed)


def _told(model: RegisteredModel) -> dict[str, Any]:
    return {"privilege_assignments": [{"principal": who, "privileges": privileges}
                                      for who, privileges in model.grants.items()]}
