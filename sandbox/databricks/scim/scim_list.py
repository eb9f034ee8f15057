"""Lists of users, groups and service principals: chosen, sorted, cut into pages, and without what was not asked for."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.directory import Directory, Principal
from sandbox.databricks.scim.errors import bad_value
from sandbox.databricks.scim.resources import ResourceType, resource_of
from sandbox.databricks.scim.scim_filter import Filter, read_filter, texts_of

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_DEFAULT_COUNT = 100
_ALWAYS = {"schemas", "id"}
_LOOKED_UP = {"groups", "members"}


def listing(call: Call, kind: ResourceType) -> dict[str, Any]:
    """The clients' loop ends with an empty page, so where a page begins has to be honoured."""
    found = _found(call, kind)
    start = max(1, _number(call, "startIndex", 1))
    count = max(0, _number(call, "count", _DEFAULT_COUNT))
    page = [view(call, kind, principal) for principal in found[start - 1:start - 1 + count]]
    return {"schemas": [_LIST], "totalResults": len(found), "startIndex": start, "itemsPerPage": len(page),
            "Resources": page}


def view(call: Call, kind: ResourceType, principal: Principal) -> dict[str, Any]:
    """What the caller may see of a principal, and has asked for."""
    asked, left_out = _names(call, "attributes"), _names(call, "excludedAttributes")
    without = {name for name in _LOOKED_UP if name in left_out or (asked and name not in asked)}
    return projected(call, _seen(call, kind, principal, without))


def projected(call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    asked, left_out = _names(call, "attributes"), _names(call, "excludedAttributes")
    return {name: value for name, value in resource.items()
            if name in _ALWAYS or (name.lower() not in left_out and (not asked or name.lower() in asked))}


def _found(call: Call, kind: ResourceType) -> list[Principal]:
    text, sort = call.request.parameter("filter"), call.request.parameter("sortBy")
    wanted = read_filter(text) if text else None
    found = _candidates(call.state.directory, kind, wanted)
    if wanted is not None:
        without = _LOOKED_UP - wanted.attributes
        found = [who for who in found if wanted.matches(_seen(call, kind, who, without))]
    if sort:
        without = _LOOKED_UP - {sort.partition(".")[0].lower()}
        found = sorted(found, key=lambda who: texts_of(_seen(call, kind, who, without), sort),
                       reverse=call.request.parameter("sortOrder") == "descending")
    return found


def _candidates(directory: Directory, kind: ResourceType, wanted: Filter | None) -> list[Principal]:
    """Who asks for one name or id does not make the workspace look at everyone."""
    name = wanted.only_equal(kind.id_attribute.lower()) if wanted else None
    principal_id = wanted.only_equal("id") if wanted else None
    if name is None and principal_id is None:
        return directory.all(kind.kind)
    found = directory.find(kind.kind, name) if name is not None else directory.by_id(principal_id or "")
    return [found] if found is not None and found.kind is kind.kind else []


def _seen(call: Call, kind: ResourceType, principal: Principal, without: set[str]) -> dict[str, Any]:
    """Who is no admin sees names and ids: https://docs.databricks.com/dev-tools/api/latest/scim/scim-users.html."""
    if call.is_admin:
        return resource_of(call.state.directory, principal, without)
    resource = resource_of(call.state.directory, principal, _LOOKED_UP)
    return {name: value for name, value in resource.items() if name in kind.public}


def _names(call: Call, parameter: str) -> set[str]:
    """Attributes in lower case; of a path such as `emails.value` the attribute it lies in."""
    return _heads((call.request.parameter(parameter) or "").split(","))


def _heads(paths: Iterable[str]) -> set[str]:
    return {path.strip().partition(".")[0].lower() for path in paths if path.strip()}


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.parameter(name) or str(default)
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 20):
        problem = f"{name} must be a number, got {text[:50]!r}"
        raise bad_value(problem)
    return int(text)
