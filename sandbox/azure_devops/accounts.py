"""Who may call the organisation: personal access tokens, and what a caller without a good one is told."""
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


@dataclass
class Accounts:
    """Tokens of the organisation's users. Basic takes any user name with the token as password, as the service does."""

    check_bearer: BearerCheck = lambda token: None  # noqa: ARG005 - without a tenant no foreign token is known
    _tokens: dict[str, Identity] = field(default_factory=dict, repr=False)

    def add(self, identity: Identity, token: str) -> None:
        self._tokens[token] = identity

    @contextmanager
    def lent(self, identity: Identity) -> Iterator[str]:
        """A token for `identity` that is good until the end of the `with`."""
        token = secrets.token_urlsafe(32)
        self._tokens[token] = identity
        try:
            yield token
        finally:
            del self._tokens[token]

    def caller(self, request: Request) -> Identity | None:
        """The identity behind the request's Authorization header, or None."""
        scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            return self._tokens.get(_password(credential.strip()))
        if scheme.lower() == "bearer":
            return self._tokens.get(credential.strip()) or self.check_bearer(credential.strip())
        return None


def unauthorized(realm: str) -> Response:
    """The service's 401: an empty body and no content type."""
    return Response(401, headers={"WWW-Authenticate": f'Basic realm="{realm}"'})


def _password(credential: str) -> str:
    try:
        text = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[2]
