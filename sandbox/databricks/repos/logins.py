"""How a caller signs in to the git server: with a git credential, or with the own Entra identity."""
from __future__ import annotations

from sandbox.databricks.call import Call
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.repos.credentials import GitCredential
from sandbox.databricks.repos.errors import missing_credentials, missing_entra_credentials
from sandbox.databricks.repos.providers import AZURE_DEVOPS, AZURE_DEVOPS_ENTRA
from sandbox.entra.tenant import AZURE_DEVOPS as AZURE_DEVOPS_RESOURCE
from sandbox.entra.tenant import Tenant


def authorization(call: Call, tenant: Tenant, provider: str, credential_id: int | None = None) -> str:
    """The Authorization header for `provider`; empty where a public repository may be read without.

    A user who called with an Entra token needs no credential for Azure DevOps, a service principal always does:
    https://learn.microsoft.com/azure/databricks/repos/get-access-tokens-from-git-provider.
    """
    credentials = call.state.git_credentials
    chosen = credentials.get(call.caller, credential_id) if credential_id is not None else (
        credentials.default(call.caller, provider, *([AZURE_DEVOPS_ENTRA] if provider == AZURE_DEVOPS else [])))
    if chosen is not None:
        return _of_credential(call, tenant, chosen)
    if call.caller.kind is PrincipalKind.SERVICE_PRINCIPAL:
        raise missing_credentials()
    if provider != AZURE_DEVOPS:
        return ""
    if not called_with_entra_token(call):
        raise missing_entra_credentials()
    return _own_identity(call, tenant)


def _of_credential(call: Call, tenant: Tenant, credential: GitCredential) -> str:
    return _own_identity(call, tenant) if credential.provider == AZURE_DEVOPS_ENTRA else credential.header()


def _own_identity(call: Call, tenant: Tenant) -> str:
    claim = "upn" if call.caller.kind is PrincipalKind.USER else "appid"
    return f"Bearer {tenant.sign(AZURE_DEVOPS_RESOURCE, **{claim: call.caller.name})}"


def called_with_entra_token(call: Call) -> bool:
    """And not with a token that the workspace itself gave out."""
    return call.request.headers.get("Authorization", "").partition(" ")[2].strip() not in call.state.tokens
