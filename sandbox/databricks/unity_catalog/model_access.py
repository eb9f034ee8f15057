"""The model or version a request names, for a caller who may do what it asks."""
from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.databricks.call import Call
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel
from sandbox.databricks.registry.model_access import version_number
from sandbox.databricks.unity_catalog.catalog import DEFAULT
from sandbox.databricks.unity_catalog.errors import (
    bad_full_name,
    lacks,
    no_catalog,
    no_model,
    no_principal,
    no_schema,
    no_version,
)

EXECUTE, OWN = "EXECUTE", "MANAGE"
# Everyone: https://learn.microsoft.com/azure/databricks/admin/users-groups/groups
_ACCOUNT_USERS = "account users"
# https://learn.microsoft.com/azure/databricks/sql/language-manual/sql-ref-names
_NAME = re.compile(r"[^\x00-\x20./\x7f]{1,255}")


def full_name_of(text: str) -> str:
    """Three parts, in lower case: the names of Unity Catalog have no case."""
    if not text:
        refuse_missing("name")
    parts = text.split(".")
    if len(parts) != 3 or not all(_NAME.fullmatch(part) for part in parts):
        raise bad_full_name(text)
    return text.lower()


def is_simple_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def model_of(call: Call, name: str, needed: str) -> RegisteredModel:
    """`needed` is a privilege: EXECUTE to read, MANAGE to change. Who owns a model or is an admin has every one."""
    full_name = full_name_of(name)
    model = call.state.unity_catalog.named(full_name)
    if model is None:
        raise no_model(full_name)
    if not has_privilege(call, model, needed):
        raise lacks(call.caller.name, needed, f"Routine or Model '{full_name}'")
    return model


def version_of(call: Call, name: str, number: object, needed: str) -> tuple[RegisteredModel, ModelVersion]:
    model = model_of(call, name, needed)
    found = call.state.unity_catalog.version(model, version_number(str(number)))
    if found is None:
        raise no_version(model.name, number)
    return model, found


def has_privilege(call: Call, model: RegisteredModel, needed: str) -> bool:
    return privileged(call, needed)(model)


def privileged(call: Call, needed: str) -> Callable[[RegisteredModel], bool]:
    """As `has_privilege` for many models: who the caller is is looked up once."""
    is_admin, identities = call.is_admin, {_ACCOUNT_USERS, *(who.name.lower() for who in call.identities)}
    enough = {needed, "ALL_PRIVILEGES", OWN}

    def is_enough(model: RegisteredModel) -> bool:
        return is_admin or model.user.lower() in identities or any(
            who.lower() in identities and not enough.isdisjoint(privileges)
            for who, privileges in model.grants.items())

    return is_enough


def check_principal(call: Call, name: str) -> None:
    """Whoever is to own something, or to be given a privilege, has to be there."""
    if name.lower() != _ACCOUNT_USERS and not any(call.state.directory.find(kind, name) for kind in PrincipalKind):
        raise no_principal(name)


def check_place(call: Call, full_name: str) -> None:
    """That catalog and schema are there, and that the caller may create a model in them."""
    catalog, schema, _ = full_name.split(".")
    if call.state.unity_catalog.container(catalog) is None:
        raise no_catalog(catalog)
    place_name = f"{catalog}.{schema}"
    place = call.state.unity_catalog.container(place_name)
    if place is None:
        raise no_schema(place_name)
    if schema != DEFAULT and place.owner != call.caller.name and not call.is_admin:
        raise lacks(call.caller.name, "CREATE MODEL", f"Schema '{place.full_name}'")
