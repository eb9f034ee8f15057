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


def person(call: Call, member_id: str) -> dict[str, Any]:
    """How objects name their creator; an empty object where nobody is known."""
    member = call.organisation.directory.get(member_id)
    return identity_reference(call, member) if member else {}


def signed(call: Call, key: str, *, created: str = "created", changed: str = "modified") -> dict[str, Any]:
    """`createdBy` and its like of what is kept under `key`; empty where the sandbox itself made it."""
    signature = call.organisation.authorship.of(key)
    if signature is None:
        return {}
    return {**_moment(call, created, signature.created_by, signature.created_on),
            **_moment(call, changed, signature.modified_by, signature.modified_on)}


def changed(call: Call, key: str, name: str) -> dict[str, Any]:
    """Only who changed it last, as `name` with `By` and `On` behind."""
    signature = call.organisation.authorship.of(key)
    return _moment(call, name, signature.modified_by, signature.modified_on) if signature else {}


def _moment(call: Call, name: str, member_id: str, seconds: float) -> dict[str, Any]:
    member = call.organisation.directory.get(member_id)
    return {f"{name}By": identity_reference(call, member) if member else {"id": member_id},
            f"{name}On": timestamp(seconds)}


def sign(call: Call, key: str) -> None:
    """The caller made or changed what is kept under `key`, just now."""
    call.organisation.authorship.sign(key, call.member, call.organisation.clock.now())
