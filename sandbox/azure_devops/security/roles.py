"""Roles: names for the bits that people get on one variable group, environment, service connection or agent queue.

https://learn.microsoft.com/azure/devops/organizations/security/about-security-roles
"""
from __future__ import annotations

from collections.abc import Mapping

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.security.access_lists import AccessLists, Entry
from sandbox.azure_devops.security.namespaces import ENDPOINTS, ENVIRONMENT, LIBRARY, QUEUES, Namespace

READER, USER, CREATOR, ADMINISTRATOR = "Reader", "User", "Creator", "Administrator"
_PERMISSIONS: Mapping[Namespace, Mapping[str, tuple[str, ...]]] = {
    LIBRARY: {READER: ("View",), USER: ("View", "Use"), CREATOR: ("View", "Create"),
              ADMINISTRATOR: ("View", "Administer", "Use", "ViewSecrets", "Owner", "Create")},
    ENVIRONMENT: {READER: ("View",), USER: ("View", "Use"), CREATOR: ("View", "Create"),
                  ADMINISTRATOR: ("View", "Manage", "ManageHistory", "Administer", "Use", "Create")},
    ENDPOINTS: {READER: ("ViewEndpoint",), USER: ("ViewEndpoint", "Use"), CREATOR: ("ViewEndpoint", "Create"),
                ADMINISTRATOR: ("ViewEndpoint", "Administer", "Use", "ViewAuthorization", "Create")},
    QUEUES: {READER: ("View",), USER: ("View", "Use"), CREATOR: ("View", "Create"),
             ADMINISTRATOR: ("View", "Manage", "Listen", "AdministerPermissions", "Use", "Create")},
}


def roles_of(namespace: Namespace) -> Mapping[str, int]:
    """The bits of each role, the least role first."""
    return {role: sum(namespace.bits[one] for one in permissions)
            for role, permissions in _PERMISSIONS[namespace].items()}


def role_of(namespace: Namespace, entry: Entry) -> str:
    """The highest role that `entry` has all bits of; empty where it has none."""
    held = entry.allow & ~entry.deny
    fitting = [role for role, bits in roles_of(namespace).items() if held & bits == bits]
    return fitting[-1] if fitting else ""


def give_role(access: AccessLists, namespace: Namespace, token: str, member: Member, role: str) -> None:
    """Let `role` be all that `member` has directly on `token`. KeyError for a role of another kind of object."""
    access.assign(namespace, token, member, Entry(roles_of(namespace)[role]))
