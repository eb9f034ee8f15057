"""Who the pipeline is in a workspace: one provider per environment, chosen by which variables are set."""
from __future__ import annotations

from collections.abc import Mapping

from steps.lib.clock import Clock
from steps.lib.databricks.workspace import Workspace
from steps.lib.entra.provider import Provider, Token, provider_of
from steps.lib.entra.providers import ENTRA_PROVIDERS
from steps.lib.entra.resource import Resource
from steps.lib.entra.token_source import TokenSource
from steps.lib.settings import Reader

# The same resource in the public, US Government and China clouds.
DATABRICKS_SCOPE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"


def _oauth(resource: Resource, environ: Mapping[str, str], clock: Clock) -> Token:
    # Imported when used: listing the providers needs no network.
    from steps.lib.databricks import oauth

    return oauth.service_principal_token(resource, environ, clock)


def _personal_access_token(_resource: Resource, environ: Mapping[str, str], _clock: Clock) -> Token:
    return Token(Reader(environ).text("DATABRICKS_TOKEN"))


PROVIDERS = (
    *ENTRA_PROVIDERS,
    Provider("Databricks OAuth service principal", "DATABRICKS_CLIENT_SECRET", ("DATABRICKS_CLIENT_ID",), _oauth),
    Provider("Databricks personal access token", "DATABRICKS_TOKEN", (), _personal_access_token),
)


def resource_of(workspace: Workspace) -> Resource:
    return Resource("Azure Databricks", workspace.host.rstrip("/"), DATABRICKS_SCOPE,
                    f"variable group {workspace.variable_group}", workspace.entra_authority, workspace.file,
                    "entra_authority")


def token_source(workspace: Workspace, environ: Mapping[str, str], clock: Clock) -> TokenSource:
    """Tokens for `workspace`, from the provider that `environ` asks for."""
    resource = resource_of(workspace)
    return TokenSource(provider_of(PROVIDERS, environ, resource.credential_place), resource, environ, clock)
