"""Models in Unity Catalog: the REST API, as databricks-sdk uses it."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.offset_pages import page
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel
from sandbox.databricks.replies import without_empty
from sandbox.databricks.unity_catalog.errors import no_alias
from sandbox.databricks.unity_catalog.model_access import (
    EXECUTE,
    OWN,
    check_principal,
    model_of,
    privileged,
    version_of,
)
from sandbox.databricks.unity_catalog.model_changes import (
    create_model,
    delete_alias,
    delete_model,
    delete_version,
    rename_model,
    set_alias,
)
from sandbox.databricks.unity_catalog.model_view import alias_infos, model_info, version_info

_MODELS = "/api/2.1/unity-catalog/models"
_PARTS = ("catalog_name", "schema_name", "name")
_LARGEST, _USUAL = 1000, 100
Row = TypeVar("Row")


def model_routes() -> Routes:
    one, version = f"{_MODELS}/{{name}}", f"{_MODELS}/{{name}}/versions/{{version}}"
    alias = f"{one}/aliases/{{alias}}"
    return [
        ("POST", _MODELS, _create), ("GET", _MODELS, _list), ("GET", one, _get), ("PATCH", one, _update),
        ("DELETE", one, _delete), ("GET", f"{one}/versions", _versions), ("GET", version, _get_version),
        ("PATCH", version, _update_version), ("DELETE", version, _delete_version),
        ("PUT", alias, _set_alias), ("GET", alias, _version_of_alias), ("DELETE", alias, _delete_alias),
    ]


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/create", *_PARTS)
    name = ".".join(fields[part] for part in _PARTS)
    return model_info(call, create_model(call, name, fields.get("comment", ""), {}))


def _list(call: Call) -> dict[str, Any]:
    """Of one schema, or of all; a catalog without a schema, or the reverse, is none of both."""
    fields = call.fields("unity-catalog/models/list")
    if bool(fields.get("catalog_name")) != bool(fields.get("schema_name")):
        refuse("catalog_name and schema_name must be given together, or neither of them")
    store = call.state.unity_catalog
    place = f"{fields['catalog_name']}.{fields['schema_name']}" if fields.get("catalog_name") else ""
    models = sorted(store.models_in(place), key=lambda model: model.name) if place else store.by_name()
    rows, token = _page(filter(privileged(call, EXECUTE), models), fields)
    return {"registered_models": [model_info(call, model) for model in rows],
            **without_empty(next_page_token=token)}


def _get(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/get")
    model = _model(call, EXECUTE)
    aliases = alias_infos(model) if fields.get("include_aliases") else []
    return {**model_info(call, model), **without_empty(aliases=aliases)}


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/update")
    model = _model(call, OWN)
    owner = fields.get("owner") or model.user
    if owner != model.user:
        check_principal(call, owner)
    catalog, schema, name = model.name.split(".")
    rename_model(call, model, f"{catalog}.{schema}.{fields.get('new_name') or name}")
    model.description = fields.get("comment", model.description)
    model.user = owner
    call.state.unity_catalog.put(model, call.now)
    return model_info(call, model)


def _delete(call: Call) -> dict[str, Any]:
    delete_model(call, _model(call, OWN))
    return {}


def _versions(call: Call) -> dict[str, Any]:
    """Newest first."""
    fields = call.fields("unity-catalog/models/versions/list")
    model = _model(call, EXECUTE)
    rows, token = _page(call.state.unity_catalog.versions(model)[::-1], fields)
    return {"model_versions": [version_info(call, model, version) for version in rows],
            **without_empty(next_page_token=token)}


def _get_version(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/versions/get")
    return _with_aliases(call, *_version(call, EXECUTE), asked=fields.get("include_aliases", False))


def _update_version(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/versions/update")
    model, version = _version(call, OWN)
    version.description = fields.get("comment", version.description)
    call.state.unity_catalog.put_version(version, call.now)
    return version_info(call, model, version)


def _delete_version(call: Call) -> dict[str, Any]:
    delete_version(call, *_version(call, OWN))
    return {}


def _set_alias(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/set-alias")
    if fields.get("version_num") is None:
        refuse_missing("version_num")
    model, version = version_of(call, call.request.arguments["name"], fields["version_num"], OWN)
    alias = call.request.arguments["alias"]
    set_alias(call, model, alias, version)
    return {"alias_name": alias, "version_num": version.version}


def _version_of_alias(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/models/versions/get-by-alias")
    model, alias = _model(call, EXECUTE), call.request.arguments["alias"]
    if alias not in model.aliases:
        raise no_alias(model.name, alias)
    found = version_of(call, model.name, model.aliases[alias], EXECUTE)
    return _with_aliases(call, *found, asked=fields.get("include_aliases", False))


def _delete_alias(call: Call) -> dict[str, Any]:
    delete_alias(call, _model(call, OWN), call.request.arguments["alias"])
    return {}


def _with_aliases(call: Call, model: RegisteredModel, version: ModelVersion, *, asked: bool) -> dict[str, Any]:
    aliases = alias_infos(model, version.version) if asked else []
    return {**version_info(call, model, version), **without_empty(aliases=aliases)}


def _model(call: Call, needed: str) -> RegisteredModel:
    return model_of(call, call.request.arguments["name"], needed)


def _version(call: Call, needed: str) -> tuple[RegisteredModel, ModelVersion]:
    return version_of(call, call.request.arguments["name"], call.request.arguments["version"], needed)


def _page(rows: Iterable[Row], fields: dict[str, Any]) -> tuple[list[Row], str]:
    """`max_results` 0 leaves the size to the service."""
    return page(rows, fields.get("max_results") or _USUAL, fields.get("page_token", ""), largest=_LARGEST)
