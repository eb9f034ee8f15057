"""A service principal of Databricks itself, with an OAuth secret: for workspaces in clouds without Entra ID.

https://learn.microsoft.com/azure/databricks/dev-tools/auth/oauth-m2m
"""
from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import requests
from requests.auth import HTTPBasicAuth

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.databricks import error_replies
from steps.lib.entra.provider import Token
from steps.lib.entra.resource import Resource
from steps.lib.errors import InputError, ServiceError
from steps.lib.http.retry import Retries, RetryLimits, retry_after
from steps.lib.http.session import Session, open_session, reason
from steps.lib.settings import Reader
from steps.lib.wording import cut

PATIENCE_SECONDS = 20.0
_PATH = "/oidc/v1/token"
_FORM = {"grant_type": "client_credentials", "scope": "all-apis"}
_USUAL_LIFE_SECONDS = 3600


def service_principal_token(resource: Resource, environ: Mapping[str, str], clock: Clock) -> Token:
    """A token of the principal that DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET name."""
    agent.info(f"get a token from {resource.url}{_PATH}")
    values = Reader(environ)
    retries = Retries(RetryLimits(budget=PATIENCE_SECONDS), clock)
    with open_session(resource.url, environ) as session:
        session.auth = HTTPBasicAuth(values.text("DATABRICKS_CLIENT_ID"), values.text("DATABRICKS_CLIENT_SECRET"))
        while True:
            reply, why = _ask(session, resource)
            if reply is not None and not _is_busy(reply):
                return _token(resource, reply)
            asked = retry_after(reply.headers.get("Retry-After"), clock.now()) if reply is not None else None
            if not retries.wait(asked):
                message = (f"{resource.authority_place}: cannot get a token from {resource.url}: {why}; "
                           "check the host and the network of the agent, then run the pipeline again")
                raise ServiceError(message)


def _ask(session: Session, resource: Resource) -> tuple[requests.Response | None, str]:
    """The reply, or None and why there is none."""
    try:
        reply = session.post(resource.url + _PATH, data=_FORM, allow_redirects=False)
    except requests.RequestException as error:
        return None, reason(error)
    return reply, f"it answered {reply.status_code}"


def _is_busy(reply: requests.Response) -> bool:
    return reply.status_code == HTTPStatus.TOO_MANY_REQUESTS or reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def _token(resource: Resource, reply: requests.Response) -> Token:
    if reply.status_code != HTTPStatus.OK:
        said = cut(error_replies.read_words(reply.status_code, reply.text)[1], 300)
        message = (f"{resource.credential_place}: the workspace gave no token: correct DATABRICKS_CLIENT_ID or "
                   f"DATABRICKS_CLIENT_SECRET, and look whether the secret has expired; "
                   f"it answered {reply.status_code} {said!r}")
        raise InputError([message])
    try:
        answer = reply.json()
        return Token(str(answer["access_token"]), float(answer.get("expires_in") or _USUAL_LIFE_SECONDS))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = (f"{resource.authority_place}: {resource.url} is no Databricks workspace, its reply holds no token; "
                   "correct the host")
        raise InputError([message]) from error
