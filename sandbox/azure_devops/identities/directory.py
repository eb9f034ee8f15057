"""Everyone the organisation knows: users, service principals, groups of a project, and the identities of its runs.

Descriptors as on the service: https://learn.microsoft.com/azure/devops/organizations/security/about-permissions.
"""
from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from sandbox.pipelines.request import Identity
from sandbox.storage import Storage

_NAMESPACE = uuid.UUID("6f0b1b0e-5d6c-4b8a-9f5e-0c9c3c1d7a11")


class Kind(str, Enum):
    USER = "user"
    SERVICE_PRINCIPAL = "servicePrincipal"
    BUILD_SERVICE = "buildService"
    GROUP = "group"


@dataclass(frozen=True)
class Member:
    """`id` is the storage key that approvals and members use; `name` the sign-in name (mail, application id, group).

    `groups` are the ids of the groups it is directly in; `project` is empty for what belongs to the organisation.
    """

    id: str
    kind: Kind
    name: str
    display_name: str
    descriptor: str
    groups: frozenset[str] = field(default_factory=frozenset)
    project: str = ""

    @property
    def identity(self) -> Identity:
        return Identity(self.display_name, self.name)


class Directory:
    """Members by id. Names fold case; a group of a project is called `[project]\\group`."""

    def __init__(self, storage: Storage, host_id: str) -> None:
        self._members = storage.table("member", Member)
        self._by_name = self._members.index(lambda one: {one.name.casefold(), one.descriptor.casefold()})
        self._by_display_name = self._members.index(lambda one: [one.display_name.casefold()])
        self._by_group = self._members.index(lambda one: one.groups)
        self._lock = storage.lock
        self._host_id = host_id

    def __iter__(self) -> Iterator[Member]:
        return iter(list(self._members.values()))

    def get(self, member_id: str) -> Member | None:
        return self._members.get(member_id.lower())

    def find(self, name: str) -> Member | None:
        """By sign-in name, descriptor or display name, in this order of preference."""
        wanted = name.casefold()
        return self._by_name.first(wanted) or self._by_display_name.first(wanted)

    def described(self, descriptor: str) -> Member | None:
        """By descriptor alone, in any case of letters."""
        wanted = descriptor.casefold()
        return next((one for one in self._by_name.of(wanted) if one.descriptor.casefold() == wanted), None)

    def signing_in(self, name: str) -> Member | None:
        """The person, service principal or run whose sign-in name this is: a mail, an application id.

        Nobody becomes another one by what they are shown as, and no group signs in.
        """
        wanted = name.casefold()
        return next((one for one in self._by_name.of(wanted)
                     if one.name.casefold() == wanted and one.kind is not Kind.GROUP), None)

    def of(self, identity: Identity) -> Member:
        """The member who signs in as `identity`; a user is added who was not known."""
        return self.signing_in(identity.email) or self.add_user(identity)

    def add_user(self, identity: Identity) -> Member:
        descriptor = f"Microsoft.IdentityModel.Claims.ClaimsIdentity;{self._host_id}\\{identity.email}"
        return self._add(Kind.USER, identity.email, identity.name, descriptor)

    def add_service_principal(self, application_id: str, display_name: str) -> Member:
        descriptor = f"Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;{self._host_id}\\{application_id}"
        return self._add(Kind.SERVICE_PRINCIPAL, application_id, display_name, descriptor)

    def add_build_service(self, scope_id: str, display_name: str, project: str = "") -> Member:
        """The identity of runs: of one project, or of the whole organisation where `project` is empty."""
        descriptor = f"Microsoft.TeamFoundation.ServiceIdentity;{self._host_id}:Build:{scope_id}"
        return self._add(Kind.BUILD_SERVICE, f"Build\\{scope_id}", display_name, descriptor, project)

    def add_group(self, name: str, project: str = "", project_name: str = "") -> Member:
        full = f"[{project_name}]\\{name}" if project_name else name
        number = int(uuid.uuid5(_NAMESPACE, f"{project}/{name}")) % 10**10
        descriptor = f"Microsoft.TeamFoundation.Identity;S-1-9-1551374245-{number}"
        return self._add(Kind.GROUP, full, full, descriptor, project)

    def join(self, member: Member, group: Member) -> Member:
        with self._lock:
            known = self._members[member.id]
            self._members[member.id] = changed = replace(known, groups=known.groups | {group.id})
            return changed

    def leave(self, member: Member, group: Member) -> Member:
        with self._lock:
            known = self._members[member.id]
            self._members[member.id] = changed = replace(known, groups=known.groups - {group.id})
            return changed

    def forget_project(self, project: str) -> None:
        """Remove its groups and the identity of its runs; whoever was in one of them stays, without it."""
        with self._lock:
            gone = [one.id for one in self._members.values() if one.project == project]
            for group in gone:
                for member in self._by_group.of(group):
                    self._members[member.id] = replace(member, groups=member.groups - {group})
            for number in gone:
                del self._members[number]

    def groups_of(self, member: Member) -> list[Member]:
        """Every group `member` is in, through other groups as well."""
        found: dict[str, Member] = {}
        waiting = list(self._members[member.id].groups)
        while waiting:
            group = self._members.get(waiting.pop())
            if group and group.id not in found:
                found[group.id] = group
                waiting.extend(group.groups)
        return list(found.values())

    def members_of(self, group: Member) -> list[Member]:
        """Everyone but groups who is in `group`, through other groups as well."""
        found: dict[str, Member] = {}
        waiting = [group.id]
        while waiting:
            for one in self._by_group.of(waiting.pop()):
                if one.id not in found:
                    found[one.id] = one
                    waiting.append(one.id)
        return [one for one in found.values() if one.kind is not Kind.GROUP]

    def direct_members_of(self, group: Member) -> list[Member]:
        """Everyone, groups too, who is in `group` itself."""
        return self._by_group.of(group.id)

    def _add(self, kind: Kind, name: str, display_name: str, descriptor: str, project: str = "") -> Member:
        with self._lock:
            known = self.described(descriptor)
            if known:
                return known
            made = Member(str(uuid.uuid5(_NAMESPACE, descriptor)), kind, name, display_name, descriptor,
                          project=project)
            self._members[made.id] = made
            return made
