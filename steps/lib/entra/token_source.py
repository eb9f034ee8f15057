"""A token that is always good: made when first asked for, and anew before it ends."""
from __future__ import annotations

import base64
import re
import threading
from collections.abc import Mapping

import requests
from requests.auth import AuthBase

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.entra.provider import Provider, Token
from steps.lib.entra.resource import Resource
from steps.lib.errors import InputError

# Long enough for the longest single request, and for clocks that differ a little.
RENEWED_BEFORE_END_SECONDS = 300.0
_TOKEN = re.compile(r"[!-~]+")


class TokenSource(AuthBase):
    """`token()` from any thread. As `auth` of a session it signs each request.

    As `auth`, and not as a header, so that a `.netrc` of the agent can never replace the token.
    """

    def __init__(self, provider: Provider, resource: Resource, environ: Mapping[str, str], clock: Clock) -> None:
        self._provider = provider
        self._resource = resource
        self._environ = environ
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._ends = float("-inf")

    def token(self) -> str:
        """The token, already registered with the agent as a secret."""
        with self._lock:
            if self._clock.monotonic() >= self._ends:
                self._renew()
            return self._value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.header()
        return request

    def header(self) -> str:
        """The value of the `Authorization` header; HTTP Basic is a secret of its own, for it only encodes the token."""
        return self._basic(self.token()) if self._provider.basic else f"Bearer {self.token()}"

    def _renew(self) -> None:
        asked = self._clock.monotonic()
        token = self._provider.make(self._resource, self._environ, self._clock)
        if not _TOKEN.fullmatch(token.value):
            message = (f"{self._resource.credential_place}: {self._provider.title}: the token holds characters "
                       "that no token has")
            raise InputError([message])
        agent.set_secret(token.value)
        if self._provider.basic:
            agent.set_secret(self._basic(token.value).removeprefix("Basic "))
        self._value, self._ends = token.value, asked + _good_for(token)

    @staticmethod
    def _basic(value: str) -> str:
        # Any user name will do, Azure DevOps looks at the password alone.
        return "Basic " + base64.b64encode(f":{value}".encode()).decode()


def _good_for(token: Token) -> float:
    if token.seconds is None:
        return float("inf")
    # A very short life is used up by half, so that renewing never turns into asking without end.
    return max(token.seconds - RENEWED_BEFORE_END_SECONDS, token.seconds / 2)
