"""Tokens from Entra ID through msal, and what its error codes mean for the person who has to change something."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msal  # type: ignore[import-untyped]
import requests
from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

from steps.lib.credentials import variable_group
from steps.lib.databricks_errors import cut
from steps.lib.errors import InputError, ServiceError
from steps.lib.http_session import open_session
from steps.lib.settings import Reader
from steps.lib.workspace import Workspace

# The same resource in the public, US Government and China clouds.
DATABRICKS_SCOPE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
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


def service_principal_token(workspace: Workspace, environ: Mapping[str, str]) -> str:
    """A token of the service principal that ENTRA_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET name."""
    tenant = _tenant(workspace, environ)
    authority = f"{workspace.entra_authority.rstrip('/')}/{tenant}"
    try:
        answer = _ask(authority, environ)
    except ValueError as error:
        raise _bad_authority(workspace, authority, error) from error
    except (requests.RequestException, MsalServiceError, RuntimeError) as error:
        message = (f"{workspace.file}: entra_authority: cannot get a token from {authority}: {_reason(error)}; "
                   "check the address and the network of the agent, then run the pipeline again")
        raise ServiceError(message) from error
    if "access_token" not in answer:
        raise _refused(workspace, answer)
    return str(answer["access_token"])


def _ask(authority: str, environ: Mapping[str, str]) -> dict[str, Any]:
    values = Reader(environ)
    with open_session(authority, environ) as session:
        app = msal.ConfidentialClientApplication(
            values.text("ENTRA_CLIENT_ID"), client_credential=values.text("ENTRA_CLIENT_SECRET"), authority=authority,
            instance_discovery=False, http_client=session)
        return dict(app.acquire_token_for_client(scopes=[DATABRICKS_SCOPE]))


def _tenant(workspace: Workspace, environ: Mapping[str, str]) -> str:
    tenant = Reader(environ).text("ENTRA_TENANT_ID")
    if not _TENANT.fullmatch(tenant):
        message = (f"variable group {variable_group(workspace)}: ENTRA_TENANT_ID: got {tenant!r}, "
                   "expected the GUID or domain name of a tenant")
        raise InputError([message])
    return tenant


def _refused(workspace: Workspace, answer: Mapping[str, Any]) -> InputError | ServiceError:
    """The error dict of msal as one sentence. Entra's own text is kept: it carries the ids an admin asks for."""
    said = str(answer.get("error_description") or answer.get("error") or "")
    found = _CODE.search(said)
    advice = _ADVICE.get(found[1] if found else "")
    if answer.get("error") == "temporarily_unavailable":
        message = f"{workspace.file}: entra_authority: Entra is not available: {cut(said)!r}; run the pipeline again"
        return ServiceError(message)
    todo = advice or "let the owner of the service principal look at this answer"
    message = f"variable group {variable_group(workspace)}: Entra gave no token: {todo}; Entra said {cut(said)!r}"
    return InputError([message])


def _bad_authority(workspace: Workspace, authority: str, error: ValueError) -> InputError:
    message = (f"{workspace.file}: entra_authority: {authority} is no Entra tenant: {_reason(error)}; correct "
               f"entra_authority, or ENTRA_TENANT_ID in the variable group {variable_group(workspace)}")
    return InputError([message])


def _reason(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted here; REQUESTS_CA_BUNDLE must name the CA bundle of your organisation"
    return cut(" ".join(str(error).split()), 300)
