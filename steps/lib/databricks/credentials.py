"""Who the pipeline is in a workspace: one provider per environment, chosen by which variables are set."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError
from steps.lib.settings import Reader

TokenSource = Callable[[Workspace, Mapping[str, str], Clock], str]
_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Provider:
    """One way to get a token. It is chosen when `secret` is set; then every other variable it `needs` must be, too.

    Where no secret is set, a provider of which something is set was meant.
    """

    title: str
    secret: str
    needs: tuple[str, ...]
    token: TokenSource

    @property
    def variables(self) -> str:
        return ", ".join((*self.needs, self.secret))


def _service_principal(workspace: Workspace, environ: Mapping[str, str], clock: Clock) -> str:
    # Here, because msal is slow to load and a personal access token needs none of it.
    from steps.lib.databricks.entra import service_principal_token

    return service_principal_token(workspace, environ, clock)


def _personal_access_token(_workspace: Workspace, environ: Mapping[str, str], _clock: Clock) -> str:
    return Reader(environ).text("DATABRICKS_TOKEN")


PROVIDERS = (
    Provider("Entra service principal with client secret", "ENTRA_CLIENT_SECRET",
             ("ENTRA_TENANT_ID", "ENTRA_CLIENT_ID"), _service_principal),
    Provider("Databricks personal access token", "DATABRICKS_TOKEN", (), _personal_access_token),
)


def provider_of(environ: Mapping[str, str], group: str) -> Provider:
    """The provider that the variables of `environ` ask for; none or two are an error that lists what each needs.

    `group` is the variable group that a person edits.
    """
    reader = Reader(environ)
    chosen = [provider for provider in PROVIDERS if reader.optional(provider.secret)]
    chosen = chosen or [provider for provider in PROVIDERS if any(map(reader.optional, provider.needs))]
    if len(chosen) != 1:
        count = "no credential is set" if not chosen else "two credentials are set"
        offers = "; ".join(f"{provider.title} needs {provider.variables}" for provider in PROVIDERS)
        message = f"variable group {group}: {count}, exactly one is expected: {offers}"
        raise InputError([message])
    for name in (*chosen[0].needs, chosen[0].secret):
        reader.text(name)
    reader.check()
    return chosen[0]


def token_for(workspace: Workspace, environ: Mapping[str, str], clock: Clock) -> str:
    """A bearer token for `workspace`, already registered with the agent as a secret."""
    group = workspace.variable_group
    provider = provider_of(environ, group)
    token = provider.token(workspace, environ, clock)
    if not _TOKEN.fullmatch(token):
        message = f"variable group {group}: {provider.title}: the token holds characters that no token has"
        raise InputError([message])
    agent.set_secret(token)
    return token
