"""The token that Azure Pipelines issues for a service connection to the job that may use it.

https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
"""
from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from steps.lib import agent
from steps.lib.entra.sign_in import EntraUnavailableError, SignIn
from steps.lib.errors import InputError
from steps.lib.http.bearer import Bearer
from steps.lib.http.retry import retry_after
from steps.lib.http.session import is_loopback, open_session, reason
from steps.lib.wording import cut

_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_CLOUD = re.compile(r"(?:[A-Za-z0-9-]+\.)*(?:dev\.azure\.com|visualstudio\.com)")
_REFUSED: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the job's token is refused; map SYSTEM_ACCESSTOKEN: $(System.AccessToken) into the step",
    HTTPStatus.FORBIDDEN: "this pipeline may not use the service connection; let its owner authorize the pipeline",
    HTTPStatus.NOT_FOUND: "there is no such service connection in this project; correct AZURE_SERVICE_CONNECTION_ID",
}


def connection_token(sign_in: SignIn) -> str:
    """A token for AZURE_SERVICE_CONNECTION_ID, already registered with the agent as a secret."""
    url = _checked_address(sign_in.value("SYSTEM_OIDCREQUESTURI"))
    wanted = sign_in.value("AZURE_SERVICE_CONNECTION_ID")
    if not _ID.fullmatch(wanted):
        raise _refused(sign_in, f"got {wanted!r}, expected the id of a service connection")
    with open_session(url, sign_in.environ) as session:
        session.auth = Bearer(sign_in.value("SYSTEM_ACCESSTOKEN"))
        try:
            reply = session.post(url, params={"api-version": "7.1", "serviceConnectionId": wanted}, json={},
                                 headers={"X-TFS-FedAuthRedirect": "Suppress"}, allow_redirects=False)
        except requests.RequestException as error:
            message = f"cannot reach {url} for the service connection: {reason(error)}; run the pipeline again"
            raise EntraUnavailableError(message) from error
    return _token(sign_in, reply)


def _checked_address(url: str) -> str:
    """The agent sets this variable, but a pipeline could, too; the job's token goes to Azure DevOps alone."""
    parts = urlsplit(url)
    if is_loopback(url) or (parts.scheme == "https" and _CLOUD.fullmatch(parts.netloc)):
        return url
    message = f"environment: SYSTEM_OIDCREQUESTURI: got {url!r}, expected an address of Azure DevOps"
    raise InputError([message])


def _token(sign_in: SignIn, reply: requests.Response) -> str:
    if reply.status_code == HTTPStatus.TOO_MANY_REQUESTS or reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message = f"no token of the service connection: {reply.url} is busy ({reply.status_code}); run again later"
        raise EntraUnavailableError(message, retry_after(reply.headers.get("Retry-After"), sign_in.clock.now()))
    # A sign-in page comes with 203 or as a redirect where the job's token is not good.
    asked_to_sign_in = reply.is_redirect or reply.status_code == HTTPStatus.NON_AUTHORITATIVE_INFORMATION
    status = HTTPStatus.UNAUTHORIZED if asked_to_sign_in else reply.status_code
    if status != HTTPStatus.OK:
        advice = _REFUSED.get(status, "let the owner of the service connection look at this answer")
        raise _refused(sign_in, f"no token of the service connection: {advice}; "
                       f"Azure DevOps answered {reply.status_code} {cut(reply.text.strip(), 200)!r}")
    try:
        token = str(reply.json()["oidcToken"])
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(sign_in, "the reply of Azure DevOps holds no token; check the proxy of the agent") from error
    agent.set_secret(token)
    return token


def _refused(sign_in: SignIn, problem: str) -> InputError:
    return InputError([f"{sign_in.resource.credential_place}: AZURE_SERVICE_CONNECTION_ID: {problem}"])
