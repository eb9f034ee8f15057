"""Gets a token from Entra ID through msal: patience while Entra is busy, and one plain sentence where it refuses."""
from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import INTERNAL_SERVER_ERROR, TOO_MANY_REQUESTS
from typing import Any

import requests
from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.entra import advice
from steps.lib.entra.provider import Token
from steps.lib.entra.resource import Resource
from steps.lib.errors import InputError, ServiceError
from steps.lib.http.retry import Retries, RetryLimits, retry_after
from steps.lib.http.session import Session, open_session, reason
from steps.lib.settings import Reader
from steps.lib.wording import cut

PATIENCE_SECONDS = 20.0
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_USUAL_LIFE_SECONDS = 3600
_NO_ADVICE: Mapping[str, str] = {}


class EntraUnavailableError(ServiceError):
    """Entra is busy or out of reach. `asked` is how many seconds it wants to be left alone, if it says so."""

    def __init__(self, message: str, asked: float | None = None) -> None:
        super().__init__(message)
        self.asked = asked


@dataclass(frozen=True)
class SignIn:
    """One sign-in. `authority` is the address of the tenant."""

    resource: Resource
    authority: str
    environ: Mapping[str, str]
    clock: Clock

    def value(self, name: str) -> str:
        return Reader(self.environ).text(name)


Flow = Callable[[SignIn, Session], Mapping[str, Any]]
"""Asks msal once, with a new application each time, for msal replays a failed answer. Gives a token or OAuth error."""


def entra_token(flow: Flow, resource: Resource, environ: Mapping[str, str], clock: Clock,
                own_advice: Mapping[str, str] = _NO_ADVICE) -> Token:
    """A token for `resource` in the tenant of ENTRA_TENANT_ID; `own_advice` is what a code means in this flow."""
    authority = f"{resource.authority.rstrip('/')}/{_tenant(resource, environ)}"
    agent.info(f"get a token from {authority}")
    sign_in = SignIn(resource, authority, environ, clock)
    retries = Retries(RetryLimits(budget=PATIENCE_SECONDS), clock)
    while True:
        try:
            answer = _ask(flow, sign_in)
        except EntraUnavailableError as error:
            if not retries.wait(error.asked):
                raise
        else:
            if "access_token" not in answer:
                raise advice.refused(resource, answer, own_advice)
            return Token(str(answer["access_token"]), float(answer.get("expires_in") or _USUAL_LIFE_SECONDS))


def _ask(flow: Flow, sign_in: SignIn) -> Mapping[str, Any]:
    # msal logs replies that it cannot read; without a handler Python would print them, not disarmed, on stderr.
    logging.getLogger("msal").addHandler(logging.NullHandler())
    replies: list[requests.Response] = []
    with open_session(sign_in.authority, sign_in.environ) as session:
        session.hooks["response"].append(lambda reply, **_: replies.append(reply))
        try:
            answer = flow(sign_in, session)
        except requests.exceptions.SSLError as error:
            raise ServiceError(_unavailable(sign_in, reason(error))) from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise EntraUnavailableError(_unavailable(sign_in, reason(error))) from error
        except (ValueError, RuntimeError, MsalServiceError, requests.RequestException) as error:
            # What msal raises for a reply that it cannot use; the reply itself says more.
            _check_status(replies, sign_in)
            raise _bad_authority(sign_in, error) from error
    _check_status(replies, sign_in)
    return answer


def _check_status(replies: Sequence[requests.Response], sign_in: SignIn) -> None:
    """An EntraUnavailableError where the last reply says that Entra is busy or broken."""
    if not replies:
        return
    last = replies[-1]
    if last.status_code == TOO_MANY_REQUESTS or last.status_code >= INTERNAL_SERVER_ERROR:
        asked = retry_after(last.headers.get("Retry-After"), sign_in.clock.now())
        raise EntraUnavailableError(_unavailable(sign_in, f"it answered {last.status_code}"), asked)


def _tenant(resource: Resource, environ: Mapping[str, str]) -> str:
    tenant = Reader(environ).text("ENTRA_TENANT_ID")
    if not _TENANT.fullmatch(tenant):
        message = (f"{resource.credential_place}: ENTRA_TENANT_ID: got {tenant!r}, "
                   "expected the GUID or domain name of a tenant")
        raise InputError([message])
    return tenant


def _bad_authority(sign_in: SignIn, error: Exception) -> InputError:
    resource = sign_in.resource
    said = cut(" ".join(str(error).split()), 300)
    name = resource.authority_name
    message = (f"{resource.authority_place}: {name}: {sign_in.authority} is no Entra tenant: {said}; correct {name}, "
               f"or ENTRA_TENANT_ID in the {resource.credential_place}")
    return InputError([message])


def _unavailable(sign_in: SignIn, why: str) -> str:
    place = f"{sign_in.resource.authority_place}: {sign_in.resource.authority_name}"
    return (f"{place}: cannot get a token from {sign_in.authority}: {why}; "
            "check the address and the network of the agent, then run the pipeline again")
