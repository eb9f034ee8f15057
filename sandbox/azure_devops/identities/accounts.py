"""Who calls the organisation: personal access tokens, tokens of runs, and tokens that Entra signed."""
from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.http.message import Request, Response
from sandbox.pipelines.request import Identity

# A token that only a tenant can read (Entra) becomes an identity of the organisation, or None.
BearerCheck = Callable[[str], "Identity | None"]


@dataclass(frozen=True)
class Scope:
    """What the token of a run reaches: ids of one project and of repositories; None sets no limit."""

    project: str | None = None
    repositories: frozenset[str] | None = None

    def reaches(self, project: str, repository: str = "") -> bool:
        in_project = self.project is None or self.project == project
        return in_project and (not repository or self.repositories is None or repository in self.repositories)


@dataclass(frozen=True)
class Caller:
    identity: Identity
    scope: Scope = Scope()


@dataclass
class Accounts:
    """Tokens of the organisation's users. Basic takes any user name with the token as password, as the service does."""

    check_bearer: BearerCheck = lambda token: None  # noqa: ARG005 - without a tenant no foreign token is known
    _tokens: dict[str, Caller] = field(default_factory=dict, repr=False)

    def add(self, identity: Identity, token: str) -> None:
        self._tokens[token] = Caller(identity)

    @contextmanager
    def lent(self, identity: Identity, scope: Scope = Scope()) -> Iterator[str]:
        """A token for `identity` that is good until the end of the `with`."""
        token = secrets.token_urlsafe(32)
        self._tokens[token] = Caller(identity, scope)
        try:
            yield token
        finally:
            del self._tokens[token]

    def caller(self, request: Request) -> Caller | None:
        """Who is behind the request's Authorization header, or None."""
        token = token_of(request)
        known = self._tokens.get(token)
        return known if known or not _is_bearer(request) else self._foreign(token)

    def _foreign(self, token: str) -> Caller | None:
        identity = self.check_bearer(token)
        return Caller(identity) if identity else None


def token_of(request: Request) -> str:
    """The token in the Authorization header, as a bearer or as the password of anyone; '' without one."""
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if _is_bearer(request):
        return credential.strip()
    return _password(credential.strip()) if scheme.lower() == "basic" else ""


def _is_bearer(request: Request) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def unauthorized(realm: str) -> Response:
    """The service's 401: an empty body and no content type."""
    return Response(401, headers={"WWW-Authenticate": f'Basic realm="{realm}"'})


def _password(credential: str) -> str:
    try:
        text = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[2]
