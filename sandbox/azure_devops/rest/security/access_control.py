"""Permissions on tokens of security namespaces: https://learn.microsoft.com/rest/api/azure/devops/security."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import denied, needed, wrong
from sandbox.azure_devops.rest.security.access_view import list_view, namespace_view
from sandbox.azure_devops.rest.security.security_errors import no_descriptor, no_namespace
from sandbox.azure_devops.rest.shapes import mapping, number, rows
from sandbox.azure_devops.security.access_lists import AccessList, Entry
from sandbox.azure_devops.security.namespaces import ADMINISTER, NAMESPACES, Namespace
from sandbox.http.message import Response, json_response

_YES = ("true", "1")


def routes() -> Routes:
    entries, lists = "_apis/AccessControlEntries/{namespace}", "_apis/AccessControlLists/{namespace}"
    permissions = "_apis/Permissions/{namespace}/{bits}"
    return [
        ("GET", "_apis/SecurityNamespaces", _namespaces), ("GET", "_apis/SecurityNamespaces/{namespace}", _namespace),
        ("POST", entries, _set), ("DELETE", entries, _remove), ("GET", lists, _lists), ("DELETE", lists, _clear),
        ("GET", permissions, _has), ("DELETE", permissions, _take),
        ("POST", "_apis/security/permissionevaluationbatch", _evaluate),
    ]


def _namespaces(_: Call) -> dict[str, Any]:
    return collection(namespace_view(one) for one in NAMESPACES.values())


def _namespace(call: Call) -> dict[str, Any]:
    return collection([namespace_view(_wanted(call))])


def _set(call: Call) -> dict[str, Any]:
    """With `merge`, bits are added to those a descriptor has; without, they take their place."""
    namespace, fields = _wanted(call), call.fields()
    token = _administered(call, namespace, fields.get("token"))
    entries = [mapping(row, "accessControlEntries")
               for row in rows(fields.get("accessControlEntries"), "accessControlEntries")]
    given = [(_member(call, row), _entry(row)) for row in entries]
    access = call.organisation.access
    with call.organisation.lock:
        for member, entry in given:
            if fields.get("merge"):
                access.grant(namespace, token, member, allow=entry.allow, deny=entry.deny)
            else:
                access.assign(namespace, token, member, entry)
        kept = access.get(namespace, token).entries
    return collection({"descriptor": member.descriptor, "allow": kept[member.descriptor].allow,
                       "deny": kept[member.descriptor].deny, "extendedInfo": {}} for member, _ in given)


def _remove(call: Call) -> Response:
    namespace = _wanted(call)
    token = _administered(call, namespace, call.query("token"))
    gone = [one for one in (call.query("descriptors") or "").split(",") if one]
    return json_response(call.organisation.access.remove(namespace, token, gone))


def _lists(call: Call) -> dict[str, Any]:
    """Of one token, with `recurse` of those below it as well; of all tokens where none is named."""
    namespace, token = _wanted(call), call.query("token")
    extended = (call.query("includeExtendedInfo") or "").casefold() in _YES
    wanted = {one.casefold() for one in (call.query("descriptors") or "").split(",") if one}
    access = call.organisation.access
    if token is None or (call.query("recurse") or "").casefold() in _YES:
        found = [one for one in access.lists(namespace) if _is_in(namespace, one, token)]
    else:
        found = access.set_on(namespace, token)
    if token and extended and not found:
        found = [AccessList(token)]
    return collection(list_view(call, namespace, one, wanted, extended=extended) for one in found)


def _clear(call: Call) -> Response:
    namespace = _wanted(call)
    tokens = [_administered(call, namespace, one) for one in (call.query("tokens") or "").split(",")]
    for token in tokens:
        call.organisation.access.forget(namespace, token)
    return json_response(data=True)


def _has(call: Call) -> dict[str, Any]:
    namespace, bits = _wanted(call), _bits(call)
    tokens = (call.query("tokens") or "").split(call.query("delimiter") or ",")
    value = [_holds(call, namespace, token, bits) for token in tokens]
    return {"count": len(value), "value": value}


def _evaluate(call: Call) -> dict[str, Any]:
    fields = call.fields()
    given = [mapping(one, "evaluations") for one in rows(fields.get("evaluations"), "evaluations")]
    found = [{**one, "value": _holds(call, _namespace_of(str(one.get("securityNamespaceId"))), str(one.get("token")),
                                     number(one.get("permissions"), "permissions"))} for one in given]
    return {"evaluations": found, "alwaysAllowAdministrators": bool(fields.get("alwaysAllowAdministrators"))}


def _take(call: Call) -> dict[str, Any]:
    """Remove single bits, allowed or denied, from what a descriptor has directly."""
    namespace, bits = _wanted(call), _bits(call)
    token = _administered(call, namespace, call.query("token"))
    member = _member(call, {"descriptor": call.query("descriptor")})
    entry = call.organisation.access.take(namespace, token, member, bits)
    return {"descriptor": member.descriptor, "allow": entry.allow, "deny": entry.deny}


def _holds(call: Call, namespace: Namespace, token: str, bits: int) -> bool:
    """Whether the caller has all of `bits`; one that the namespace does not know is never held."""
    names = [name for name, bit in namespace.bits.items() if bits & bit]
    unknown = bits & ~namespace.everything
    return not unknown and all(call.allows(namespace, token, name) for name in names)


def _is_in(namespace: Namespace, one: AccessList, token: str | None) -> bool:
    """Whether a list is of `token`, or of one below it; None is above all."""
    mine = one.token.casefold()
    return token is None or mine == token.casefold() or mine.startswith(token.casefold() + namespace.separator)


def _wanted(call: Call) -> Namespace:
    return _namespace_of(call.argument("namespace"))


def _namespace_of(identifier: str) -> Namespace:
    found = NAMESPACES.get(identifier.casefold())
    if found is None:
        raise no_namespace(identifier)
    return found


def _administered(call: Call, namespace: Namespace, token: object) -> str:
    if not isinstance(token, str) or not token:
        raise needed(parameter="token")
    permission = ADMINISTER[namespace]
    if not call.allows(namespace, token, permission):
        raise denied(call.member, permission, f"{namespace.name} {token}")
    return token


def _member(call: Call, row: Mapping[str, Any]) -> Member:
    descriptor = str(row.get("descriptor") or "")
    found = call.organisation.directory.described(descriptor)
    if found is None:
        raise no_descriptor(descriptor)
    return found


def _entry(row: Mapping[str, Any]) -> Entry:
    allow, deny = number(row.get("allow") or 0, "allow"), number(row.get("deny") or 0, "deny")
    return Entry(allow & ~deny, deny)


def _bits(call: Call) -> int:
    text = call.argument("bits")
    if not text.isdigit():
        raise wrong(message=f"The value {text!r} is not valid for permissions.")
    return int(text)
