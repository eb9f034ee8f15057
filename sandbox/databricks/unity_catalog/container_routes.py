"""Unity Catalog: catalogs and schemas, as far as one needs them to have somewhere to put a model."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import refuse
from sandbox.databricks.offset_pages import page
from sandbox.databricks.replies import without_empty
from sandbox.databricks.unity_catalog.catalog import Container
from sandbox.databricks.unity_catalog.errors import exists, lacks, no_catalog, no_schema, not_empty
from sandbox.databricks.unity_catalog.model_access import is_simple_name

_UNITY = "/api/2.1/unity-catalog"


def container_routes() -> Routes:
    return [
        ("GET", f"{_UNITY}/catalogs", _catalogs), ("POST", f"{_UNITY}/catalogs", _create_catalog),
        ("GET", f"{_UNITY}/schemas", _schemas), ("POST", f"{_UNITY}/schemas", _create_schema),
        *((method, f"{_UNITY}/{kind}/{{name}}", handler) for kind in ("catalogs", "schemas")
          for method, handler in (("GET", _get), ("DELETE", _delete))),
    ]


def _catalogs(call: Call) -> dict[str, Any]:
    return _listed(call, "catalogs", "")


def _schemas(call: Call) -> dict[str, Any]:
    catalog = call.fields("unity-catalog/list", "catalog_name")["catalog_name"]
    if call.state.unity_catalog.container(catalog) is None or "." in catalog:
        raise no_catalog(catalog)
    return _listed(call, "schemas", catalog)


def _create_catalog(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/catalogs/create", "name")
    if not call.is_admin:
        raise lacks(call.caller.name, "CREATE CATALOG", "Metastore")
    return _created(call, "catalog", fields["name"], fields)


def _create_schema(call: Call) -> dict[str, Any]:
    fields = call.fields("unity-catalog/schemas/create", "name", "catalog_name")
    catalog = call.state.unity_catalog.container(fields["catalog_name"])
    if catalog is None or "." in catalog.full_name:
        raise no_catalog(fields["catalog_name"])
    _check_owner(call, catalog, "CREATE SCHEMA")
    return _created(call, "schema", fields["name"], fields, prefix=f"{catalog.full_name}.")


def _get(call: Call) -> dict[str, Any]:
    return _container(call).as_json(call.state.unity_catalog.metastore_id)


def _delete(call: Call) -> dict[str, Any]:
    found = _container(call)
    _check_owner(call, found, "MANAGE")
    store = call.state.unity_catalog
    kind = "schema" if "." in found.full_name else "catalog"
    if store.models_in(found.full_name) if kind == "schema" else store.containers(found.full_name):
        raise not_empty(kind, found.full_name)
    store.remove_container(found)
    return {}


def _created(call: Call, kind: str, name: str, fields: dict[str, Any], *, prefix: str = "") -> dict[str, Any]:
    if not is_simple_name(name):
        refuse(f"'{name[:100]}' is not a valid name of a {kind}")
    container = Container(f"{prefix}{name}".lower(), call.caller.name, call.now, fields.get("comment", ""))
    if call.state.unity_catalog.container(container.full_name) is not None:
        raise exists(kind, container.full_name)
    call.state.unity_catalog.add_container(container)
    return container.as_json(call.state.unity_catalog.metastore_id)


def _listed(call: Call, key: str, catalog: str) -> dict[str, Any]:
    fields = call.fields("unity-catalog/list")
    found = sorted(call.state.unity_catalog.containers(catalog), key=lambda one: one.full_name)
    rows, token = page(found, fields.get("max_results") or 1000, fields.get("page_token", ""), largest=1000)
    return {key: [one.as_json(call.state.unity_catalog.metastore_id) for one in rows],
            **without_empty(next_page_token=token)}


def _container(call: Call) -> Container:
    """By the name in the path: a schema has two parts, a catalog one."""
    name = call.request.arguments["name"]
    is_schema = "/schemas/" in call.request.path
    found = call.state.unity_catalog.container(name)
    if found is None or ("." in found.full_name) != is_schema:
        raise no_schema(name) if is_schema else no_catalog(name)
    return found


def _check_owner(call: Call, container: Container, privilege: str) -> None:
    if container.owner != call.caller.name and not call.is_admin:
        raise lacks(call.caller.name, privilege, f"'{container.full_name}'")
