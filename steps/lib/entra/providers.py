"""The table of ways to sign in to Entra ID, the usual one first."""
from __future__ import annotations

from collections.abc import Mapping

from steps.lib.clock import Clock
from steps.lib.entra.provider import Provider, Token
from steps.lib.entra.resource import Resource


def _client_secret(resource: Resource, environ: Mapping[str, str], clock: Clock) -> Token:
    # Imported when used, here and below: msal is slow to load, and a personal access token needs none of it.
    from steps.lib.entra import client_secret, sign_in

    return sign_in.entra_token(client_secret.acquire, resource, environ, clock)


def _federation(resource: Resource, environ: Mapping[str, str], clock: Clock) -> Token:
    from steps.lib.entra import federation, sign_in

    return sign_in.entra_token(federation.acquire, resource, environ, clock)


def _password(resource: Resource, environ: Mapping[str, str], clock: Clock) -> Token:
    from steps.lib.entra import password, sign_in

    return sign_in.entra_token(password.acquire, resource, environ, clock, password.ADVICE)


_APPLICATION = ("ENTRA_TENANT_ID", "ENTRA_CLIENT_ID")

ENTRA_PROVIDERS = (
    Provider("Entra service principal with client secret", "ENTRA_CLIENT_SECRET",
             _APPLICATION, _client_secret),
    Provider("Entra workload identity federation", "AZURE_SERVICE_CONNECTION_ID",
             _APPLICATION, _federation, ambient=("SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN")),
    Provider("Entra user name and password", "ENTRA_PASSWORD",
             (*_APPLICATION, "ENTRA_USERNAME"), _password),
)
