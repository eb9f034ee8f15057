"""How answers name people, and tell who made or changed something."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.rest.call import Call, timestamp


def identity_reference(call: Call, member: Member) -> dict[str, Any]:
    base = call.organisation.collection_uri
    return {"displayName": member.display_name, "url": f"{base}_apis/Identities/{member.id}",
            "_links": {"avatar": {"href": f"{base}_apis/GraphProfile/MemberAvatars/{member.descriptor}"}},
            "id": member.id, "uniqueName": member.name, "imageUrl": f"{base}_api/_common/identityImage?id={member.id}",
            "descriptor": member.descriptor}


def signed(call: Call, key: str, *, created: str = "created", changed: str = "modified") -> dict[str, Any]:
    """`createdBy` and its like of what is kept under `key`; empty where the sandbox itself made it."""
    signature = call.organisation.authorship.of(key)
    if signature is None:
        return {}
    moments = ((created, signature.created_by, signature.created_on),
               (changed, signature.modified_by, signature.modified_on))
    fields: dict[str, Any] = {}
    for name, member_id, seconds in moments:
        member = call.organisation.directory.get(member_id)
        fields[f"{name}By"] = identity_reference(call, member) if member else {"id": member_id}
        fields[f"{name}On"] = timestamp(seconds)
    return fields


def sign(call: Call, key: str) -> None:
    """The caller made or changed what is kept under `key`, just now."""
    call.organisation.authorship.sign(key, call.member, call.organisation.clock.now())
