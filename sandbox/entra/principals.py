"""Who a tenant knows: app registrations and users, and what may stand in the way of a user's sign-in."""
from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from sandbox.entra.federation import FederatedCredential


@dataclass(frozen=True)
class AppRegistration:
    """`client_secret` is its only one; past `secret_ends` (seconds since 1970) it is refused as expired.

    `public_client`: users may sign in through it without its secret. `consented`: an administrator allowed it to act
    for users.
    """

    display_name: str
    client_id: str
    client_secret: str = field(repr=False)
    object_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    secret_ends: float = float("inf")
    public_client: bool = False
    consented: bool = True


class Hindrance(Enum):
    """Why a right password is not enough."""

    NONE = "none"
    MFA_REQUIRED = "mfa required"
    MFA_ENROLMENT = "mfa enrolment"
    PASSWORD_EXPIRED = "password expired"  # noqa: S105 - a state, not a password
    CONDITIONAL_ACCESS = "conditional access"
    DISABLED = "disabled"
    LOCKED = "locked"


@dataclass(frozen=True)
class User:
    """Without a password nobody can sign in as this user at the token endpoint."""

    user_principal_name: str
    object_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    password: str = field(default="", repr=False)
    hindrance: Hindrance = Hindrance.NONE


class Principals:
    """Names and ids are compared in any case."""

    def __init__(self) -> None:
        self._applications: dict[str, AppRegistration] = {}
        self._users: dict[str, User] = {}
        self._federated: dict[str, list[FederatedCredential]] = {}
        self._lock = threading.Lock()

    def register(self, application: AppRegistration) -> AppRegistration:
        with self._lock:
            self._applications[application.client_id.lower()] = application
        return application

    def application(self, client_id: str) -> AppRegistration | None:
        with self._lock:
            return self._applications.get(client_id.lower())

    def trust(self, client_id: str, credential: FederatedCredential) -> None:
        with self._lock:
            self._federated.setdefault(client_id.lower(), []).append(credential)

    def trusted_by(self, client_id: str) -> Sequence[FederatedCredential]:
        with self._lock:
            return tuple(self._federated.get(client_id.lower(), ()))

    def add_user(self, name: str, password: str, hindrance: Hindrance) -> User:
        """A user who is there already keeps the object id, and the password where no new one is given."""
        with self._lock:
            known = self._users.get(name.lower()) or User(name)
            user = replace(known, password=password or known.password, hindrance=hindrance)
            self._users[name.lower()] = user
            return user

    def user(self, name: str) -> User | None:
        with self._lock:
            return self._users.get(name.lower())

    def has_domain(self, domain: str) -> bool:
        with self._lock:
            return any(name.endswith(f"@{domain.lower()}") for name in self._users)
