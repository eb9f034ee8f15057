"""Identities by search, id or descriptor: https://learn.microsoft.com/rest/api/azure/devops/ims/identities."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.azure_devops.identities.descriptors import subject_descriptor
from sandbox.azure_devops.identities.directory import Kind, Member
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import not_modelled
from sandbox.azure_devops.rest.security.security_errors import no_descriptor

_SCHEMA_CLASSES = {Kind.USER: "User", Kind.SERVICE_PRINCIPAL: "ServicePrincipal", Kind.BUILD_SERVICE: "User",
                   Kind.GROUP: "Group"}
_FILTERS = ("general", "mailaddress", "accountname", "displayname", "localgroupname")


def routes() -> Routes:
    return [("GET", "_apis/Identities", _read), ("GET", "_apis/Identities/{id}", _one)]


def _read(call: Call) -> dict[str, Any]:
    """A search gives what it finds; of ids and descriptors each one asked has its place, null where unknown."""
    directory = call.organisation.directory
    if (wanted := call.query("identityIds")) is not None:
        rows: list[Member | None] = [directory.get(one) for one in _split(wanted)]
    elif (wanted := call.query("descriptors")) is not None:
        rows = [_by_descriptor(call, one) for one in _split(wanted)]
    elif (wanted := call.query("subjectDescriptors")) is not None:
        rows = [next((one for one in directory if subject_descriptor(one) == text), None) for text in _split(wanted)]
    else:
        rows = list(_search(directory, call.query("searchFilter") or "General", call.query("filterValue") or ""))
    value = [_view(call, one) if one else None for one in rows]
    return {"count": len(value), "value": value}


def _one(call: Call) -> dict[str, Any]:
    found = call.organisation.directory.get(call.argument("id")) or _by_descriptor(call, call.argument("id"))
    if found is None:
        raise no_descriptor(call.argument("id"))
    return _view(call, found)


def _search(members: Iterable[Member], kind: str, value: str) -> Iterable[Member]:
    """Whole values in any case of letters."""
    if kind.casefold() not in _FILTERS:
        raise not_modelled(what=f"The search filter {kind!r}", expected=", ".join(_FILTERS))
    wanted = value.casefold()
    return (one for one in members if wanted in _names(one, kind.casefold()))


def _names(member: Member, kind: str) -> set[str]:
    name, display = member.name.casefold(), member.display_name.casefold()
    is_group = member.kind is Kind.GROUP
    names = {
        "mailaddress": {name} if "@" in name else set(),
        "accountname": set() if is_group else {name},
        "displayname": {display},
        "localgroupname": {name, name.rpartition("\\")[2]} if is_group else set(),
        "general": {name, display, *({name.rpartition("\\")[2]} if is_group else ())},
    }
    return names[kind]


def _by_descriptor(call: Call, descriptor: str) -> Member | None:
    return call.organisation.directory.described(descriptor)


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _view(call: Call, member: Member) -> dict[str, Any]:
    direct = (call.query("queryMembership") or "").casefold() in ("direct", "1")
    directory = call.organisation.directory
    above = [one.descriptor for one in map(directory.get, sorted(member.groups)) if one] if direct else []
    below = directory.direct_members_of(member) if direct else []
    return {
        "id": member.id, "descriptor": member.descriptor, "subjectDescriptor": subject_descriptor(member),
        "providerDisplayName": member.display_name, "isActive": True, "isContainer": member.kind is Kind.GROUP,
        "members": [one.descriptor for one in below], "memberIds": [one.id for one in below], "memberOf": above,
        "properties": {name: {"$type": "System.String", "$value": text} for name, text in _properties(member).items()},
        "resourceVersion": 2, "metaTypeId": 255 if member.kind is Kind.GROUP else 0,
    }


def _properties(member: Member) -> dict[str, str]:
    found = {"SchemaClassName": _SCHEMA_CLASSES[member.kind], "Description": "", "Account": member.name}
    if member.kind is Kind.GROUP:
        found["Account"] = member.name.rpartition("\\")[2]
        found |= {"Domain": f"vstfs:///Classification/TeamProject/{member.project}", "ScopeId": member.project}
    elif member.kind is Kind.SERVICE_PRINCIPAL:
        found["ApplicationId"] = member.name
    elif member.kind is Kind.USER:
        found["Mail"] = member.name
    return found
