"""Security namespaces and access control lists as the service shows them."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.security.access_lists import AccessList, Entry
from sandbox.azure_devops.security.namespaces import Namespace


def namespace_view(namespace: Namespace) -> dict[str, Any]:
    actions = [{"bit": bit, "name": name, "displayName": name, "namespaceId": namespace.id}
               for name, bit in namespace.bits.items()]
    return {"namespaceId": namespace.id, "name": namespace.name, "displayName": namespace.name,
            "separatorValue": namespace.separator, "elementLength": -1, "structureValue": 1, "isRemotable": True,
            "actions": actions}


def list_view(call: Call, namespace: Namespace, one: AccessList, wanted: Collection[str], *,
              extended: bool) -> dict[str, Any]:
    """Only the entries of the descriptors `wanted`, all where there are none."""
    named = {who: entry for who, entry in one.entries.items() if not wanted or who.casefold() in wanted}
    if extended:
        named |= {who: Entry() for who in _known(call, wanted) if who not in named}
    entries = {who: {"descriptor": who, "allow": entry.allow, "deny": entry.deny,
                     "extendedInfo": _effective(call, namespace, one.token, who) if extended else {}}
               for who, entry in named.items()}
    return {"inheritPermissions": one.inherits, "token": one.token, "includeExtendedInfo": extended,
            "acesDictionary": entries}


def _known(call: Call, wanted: Collection[str]) -> list[str]:
    found = map(call.organisation.directory.described, wanted)
    return [member.descriptor for member in found if member]


def _effective(call: Call, namespace: Namespace, token: str, descriptor: str) -> dict[str, int]:
    member = call.organisation.directory.find(descriptor)
    if member is None:
        return {}
    access = call.organisation.access
    held = sum(bit for name, bit in namespace.bits.items() if access.allows(namespace, token, member, name))
    return {"effectiveAllow": held}
