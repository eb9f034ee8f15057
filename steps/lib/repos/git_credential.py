"""The credential with which a workspace signs in to Azure DevOps for the pipeline's principal.

A user who came with an Entra token needs none, a service principal always its own, and at most one for a provider:
https://learn.microsoft.com/azure/databricks/repos/automate-with-ms-entra.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from steps.lib import agent
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import ResourceConflict
from steps.lib.settings import Reader

CREDENTIALS = "/api/2.0/git-credentials"
PROVIDER = "azureDevOpsServices"
# In place of a token it stands for the principal's own Entra identity.
ENTRA_PROVIDER = "azureDevOpsServicesAad"


@dataclass(frozen=True)
class Login:
    """A personal access token of Azure DevOps; it is told the workspace and nobody else."""

    username: str
    token: str = field(repr=False)

    @classmethod
    def read(cls, reader: Reader) -> Login | None:
        token = reader.optional("GIT_CREDENTIAL_TOKEN")
        return cls(reader.optional("GIT_CREDENTIAL_USERNAME") or "", token) if token else None

    @property
    def body(self) -> dict[str, str]:
        return {"git_provider": PROVIDER, "git_username": self.username or "brickline",
                "personal_access_token": self.token}


@dataclass(frozen=True)
class CredentialChange:
    """What has to be sent so that the principal has a credential; `number` is None where it has none yet."""

    body: Mapping[str, str] = field(repr=False)
    number: int | None = None

    @property
    def line(self) -> str:
        verb = "create" if self.number is None else "edit"
        return f"{verb}: git credential {self.body['git_provider']} of the pipeline's principal"

    def apply(self, databricks: Databricks) -> None:
        agent.info(f"{self.line}, in {databricks.host}")
        if self.number is not None:
            databricks.patch(f"{CREDENTIALS}/{self.number}", self.body, repeatable=True)
            return
        try:
            databricks.post(CREDENTIALS, self.body, repeatable=True)
        except ResourceConflict:
            agent.info("  it is there already")


def change_for(databricks: Databricks, login: Login | None, me: Mapping[str, Any]) -> CredentialChange | None:
    """None where the principal, an answer of SCIM Me, has what it needs.

    Of a stored token nobody can tell whether it is still good: `renewed` is for when it was refused.
    """
    known = _numbers(databricks)
    if login is not None:
        return None if PROVIDER in known else CredentialChange(login.body)
    if not is_service_principal(me) or PROVIDER in known or ENTRA_PROVIDER in known:
        return None
    return CredentialChange({"git_provider": ENTRA_PROVIDER})


def renewed(databricks: Databricks, login: Login) -> CredentialChange:
    return CredentialChange(login.body, _numbers(databricks).get(PROVIDER))


def is_service_principal(me: Mapping[str, Any]) -> bool:
    """A user's name is an e-mail address, that of a service principal its application id."""
    return "applicationId" in me or "@" not in str(me.get("userName", ""))


def _numbers(databricks: Databricks) -> dict[str, int]:
    spelled = {name.lower(): name for name in (PROVIDER, ENTRA_PROVIDER)}
    rows = databricks.rows(CREDENTIALS, "credentials")
    return {spelled[str(row.get("git_provider", "")).lower()]: int(row["credential_id"]) for row in rows
            if str(row.get("git_provider", "")).lower() in spelled}
