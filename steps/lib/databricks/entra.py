"""Tokens from Entra ID through msal, and what its error codes mean for the person who has to change something."""
from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from http.client import INTERNAL_SERVER_ERROR, TOO_MANY_REQUESTS
from typing import Any

import msal  # type: ignore[import-untyped]
import requests
from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.databricks.errors import cut
from steps.lib.databricks.http_session import open_session, reason
from steps.lib.databricks.retry import Retries, RetryLimits, retry_after
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError, ServiceError
from steps.lib.settings import Reader

# The same resource in the public, US Government and China clouds.
DATABRICKS_SCOPE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
PATIENCE_SECONDS = 20.0
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_CODE = re.compile(r"AADSTS(\d+)")

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_ADVICE = {
    "7000215": "the client secret is wrong; store the value of the secret, not its id, in ENTRA_CLIENT_SECRET",
    "7000222": "the client secret has expired; make a new one in Entra and store it in ENTRA_CLIENT_SECRET",
    "700016": "the application is not known in this tenant; correct ENTRA_CLIENT_ID or ENTRA_TENANT_ID",
    "7000112": "the application is disabled; let an Entra admin enable it",
    "90002": "the tenant does not exist; correct ENTRA_TENANT_ID",
    "900023": "the tenant id is neither a GUID nor a domain name; correct ENTRA_TENANT_ID",
    "500011": "Azure Databricks is not known in this tenant; correct ENTRA_TENANT_ID",
    "70011": "the scope is refused; this tenant does not offer Azure Databricks",
    "53003": "a Conditional Access policy blocks the sign-in; let an Entra admin exempt the service principal",
    "7000218": "a client secret is demanded; store it in ENTRA_CLIENT_SECRET",
}


class EntraUnavailableError(ServiceError):
    """Entra is busy or out of reach. `asked` is how many seconds it wants to be left alone, if it says so."""

    def __init__(self, message: str, asked: float | None = None) -> None:
        super().__init__(message)
        self.asked = asked


def service_principal_token(workspace: Workspace, environ: Mapping[str, str], clock: Clock) -> str:
    """A token of the service principal that ENTRA_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET name."""
    authority = f"{workspace.entra_authority.rstrip('/')}/{_tenant(workspace, environ)}"
    agent.info(f"get a token from {authority}")
    retries = Retries(RetryLimits(budget=PATIENCE_SECONDS), clock)
    while True:
        try:
            answer = _ask(workspace, authority, environ, clock)
        except EntraUnavailableError as error:
            if not retries.wait(error.asked):
                raise
        else:
            if "access_token" not in answer:
                raise _refused(workspace, answer)
            return str(answer["access_token"])


def _ask(workspace: Workspace, authority: str, environ: Mapping[str, str], clock: Clock) -> dict[str, Any]:
    """What msal gives: a token or an OAuth error. A new application each time, for msal replays a failed answer."""
    replies: list[requests.Response] = []
    with open_session(authority, environ) as session:
        session.hooks["response"].append(lambda reply, **_: replies.append(reply))
        try:
            answer = _acquire(authority, environ, session)
        except requests.exceptions.SSLError as error:
            raise ServiceError(_unavailable(workspace, authority, reason(error))) from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise EntraUnavailableError(_unavailable(workspace, authority, reason(error))) from error
        except (ValueError, RuntimeError, MsalServiceError, requests.RequestException) as error:
            # What msal raises for a reply that it cannot use; the reply itself says more.
            _check_status(replies, workspace, authority, clock)
            raise _bad_authority(workspace, authority, error) from error
    _check_status(replies, workspace, authority, clock)
    return answer


def _acquire(authority: str, environ: Mapping[str, str], session: requests.Session) -> dict[str, Any]:
    # msal logs replies that it cannot read; without a handler Python would print them, not disarmed, on stderr.
    logging.getLogger("msal").addHandler(logging.NullHandler())
    values = Reader(environ)
    app = msal.ConfidentialClientApplication(
        values.text("ENTRA_CLIENT_ID"), client_credential=values.text("ENTRA_CLIENT_SECRET"), authority=authority,
        instance_discovery=False, http_client=session)
    return dict(app.acquire_token_for_client(scopes=[DATABRICKS_SCOPE]))


def _check_status(replies: Sequence[requests.Response], workspace: Workspace, authority: str, clock: Clock) -> None:
    """An EntraUnavailableError where the last reply says that Entra is busy or broken."""
    if not replies:
        return
    last = replies[-1]
    if last.status_code == TOO_MANY_REQUESTS or last.status_code >= INTERNAL_SERVER_ERROR:
        asked = retry_after(last.headers.get("Retry-After"), clock.now())
        raise EntraUnavailableError(_unavailable(workspace, authority, f"it answered {last.status_code}"), asked)


def _tenant(workspace: Workspace, environ: Mapping[str, str]) -> str:
    tenant = Reader(environ).text("ENTRA_TENANT_ID")
    if not _TENANT.fullmatch(tenant):
        message = (f"variable group {workspace.variable_group}: ENTRA_TENANT_ID: got {tenant!r}, "
                   "expected the GUID or domain name of a tenant")
        raise InputError([message])
    return tenant


def _refused(workspace: Workspace, answer: Mapping[str, Any]) -> InputError:
    """The error dict of msal as one sentence. Entra's own text is kept: it carries the ids an admin asks for."""
    said = str(answer.get("error_description") or answer.get("error") or "")
    found = _CODE.search(said)
    advice = _ADVICE.get(found[1] if found else "", "let the owner of the service principal look at this answer")
    message = f"variable group {workspace.variable_group}: Entra gave no token: {advice}; Entra said {cut(said)!r}"
    return InputError([message])


def _bad_authority(workspace: Workspace, authority: str, error: Exception) -> InputError:
    message = (f"{workspace.file}: entra_authority: {authority} is no Entra tenant: {_short(error)}; correct "
               f"entra_authority, or ENTRA_TENANT_ID in the variable group {workspace.variable_group}")
    return InputError([message])


def _unavailable(workspace: Workspace, authority: str, why: str) -> str:
    return (f"{workspace.file}: entra_authority: cannot get a token from {authority}: {why}; "
            "check the address and the network of the agent, then run the pipeline again")


def _short(error: Exception) -> str:
    return cut(" ".join(str(error).split()), 300)
