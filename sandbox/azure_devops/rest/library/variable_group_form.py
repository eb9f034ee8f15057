"""A variable group as it is posted, and as the service shows it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.azure_devops.projects.library import VariableGroup, resource_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import needed, not_modelled
from sandbox.azure_devops.rest.library.library_errors import no_variables
from sandbox.azure_devops.rest.shapes import mappings
from sandbox.azure_devops.rest.signatures import signed
from sandbox.pipelines.request import Variable


def group_view(call: Call, project: Project, group: VariableGroup) -> dict[str, Any]:
    reference = {"projectReference": {"id": project.id, "name": project.name}, "name": group.name,
                 "description": group.description}
    return {
        "variables": {name: _shown(one) for name, one in group.variables.items()},
        "id": group.id, "type": "Vsts", "name": group.name, "description": group.description, "isShared": False,
        **signed(call, resource_of(group).key), "variableGroupProjectReferences": [reference],
    }


def _shown(variable: Variable) -> dict[str, Any]:
    """A secret is never read back, and `isSecret` is left out where it is false."""
    return {"value": None, "isSecret": True} if variable.secret else {"value": variable.value}


def read_group(fields: Mapping[str, Any], before: VariableGroup) -> VariableGroup:
    """The posted group; a secret sent without its value keeps the one it had."""
    name = fields.get("name") or before.name
    if not isinstance(name, str) or not name.strip():
        raise needed(parameter="name")
    if str(fields.get("type") or "Vsts").casefold() != "vsts":
        raise not_modelled(what=f"A variable group of type {fields['type']!r}", expected="'Vsts'")
    given = mappings(fields.get("variables"), "variables")
    if not given:
        raise no_variables()
    known = {key.casefold(): one for key, one in before.variables.items()}
    variables = {key: _variable(one, known.get(key.casefold())) for key, one in given.items()}
    return replace(before, name=name, variables=variables, description=str(fields.get("description") or ""))


def _variable(given: Mapping[str, Any], before: Variable | None) -> Variable:
    secret, value = bool(given.get("isSecret")), given.get("value")
    if secret and value is None:
        return Variable(before.value if before and before.secret else "", secret=True)
    return Variable("" if value is None else str(value), secret)
