"""The two ways to write whom a permission is for."""
from __future__ import annotations

import base64

from sandbox.azure_devops.identities.directory import Kind, Member

_PREFIXES = {Kind.USER: "aad", Kind.SERVICE_PRINCIPAL: "aadsp", Kind.BUILD_SERVICE: "svc", Kind.GROUP: "vssgp"}


def subject_descriptor(member: Member) -> str:
    """The newer form, which the Graph API uses: a prefix for the kind, and the rest of the older one in base64.

    https://learn.microsoft.com/azure/devops/integrate/concepts/graph-descriptors
    """
    identifier = member.descriptor.partition(";")[2]
    return f"{_PREFIXES[member.kind]}.{base64.b64encode(identifier.encode()).decode().rstrip('=')}"
