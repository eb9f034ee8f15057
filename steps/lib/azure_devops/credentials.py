"""Who a step is in Azure DevOps: a sign-in of Entra ID, a personal access token, or the job's own token."""
from __future__ import annotations

from collections.abc import Mapping

from steps.lib.clock import Clock
from steps.lib.entra.provider import Provider, Token, provider_of
from steps.lib.entra.providers import ENTRA_PROVIDERS
from steps.lib.entra.resource import Resource
from steps.lib.entra.token_source import TokenSource
from steps.lib.settings import Reader

# https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity
AZURE_DEVOPS_SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"
CREDENTIAL_PLACE = "environment"
JOB_TOKEN_SWITCH = "AZURE_DEVOPS_USE_JOB_TOKEN"  # noqa: S105 - the name of a switch


def _personal_access_token(_resource: Resource, environ: Mapping[str, str], _clock: Clock) -> Token:
    return Token(Reader(environ).text("AZURE_DEVOPS_EXT_PAT"))


def _job_token(_resource: Resource, environ: Mapping[str, str], _clock: Clock) -> Token:
    return Token(Reader(environ).text("SYSTEM_ACCESSTOKEN"))


# The name that the az command line uses.
_PERSONAL = Provider("personal access token", "AZURE_DEVOPS_EXT_PAT", (), _personal_access_token, basic=True)
_JOB = Provider("access token of the pipeline's job", JOB_TOKEN_SWITCH, (), _job_token,
                ambient=("SYSTEM_ACCESSTOKEN",))
PROVIDERS = (*ENTRA_PROVIDERS, _PERSONAL)


def provider_for(environ: Mapping[str, str]) -> Provider:
    """The provider that `environ` asks for.

    The job's own token is taken only when AZURE_DEVOPS_USE_JOB_TOKEN says so, and then nothing else may be set: under
    the usual settings of an organization it reaches no repository that the pipeline does not name.
    """
    reader = Reader(environ)
    wanted = reader.flag(JOB_TOKEN_SWITCH)
    reader.check()
    return provider_of((*PROVIDERS, _JOB) if wanted else PROVIDERS, environ, CREDENTIAL_PLACE)


def token_source(provider: Provider, organization_url: str, environ: Mapping[str, str], clock: Clock) -> TokenSource:
    """Tokens for the organization; ENTRA_AUTHORITY names another cloud's Entra ID than the public one."""
    authority = Reader(environ).optional("ENTRA_AUTHORITY")
    chosen = {"authority": authority.rstrip("/")} if authority else {}
    resource = Resource("Azure DevOps", organization_url, AZURE_DEVOPS_SCOPE, CREDENTIAL_PLACE, **chosen)
    return TokenSource(provider, resource, environ, clock)
