"""A Databricks workspace as a team names it: where it is, and who acts in it."""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.entra.resource import PUBLIC_CLOUD_AUTHORITY
from steps.lib.target_environment import TargetEnvironment


@dataclass(frozen=True)
class ServicePrincipal:
    """A principal of one environment. `application_id` is the Entra application id, which the Permissions API takes.

    `line` is where the team's file names it, 0 where that is not known.
    """

    application_id: str
    permission_level: str
    line: int = 0


@dataclass(frozen=True)
class Workspace:
    """One row of `teams/<name>/workspaces.json`. `host` has a scheme and no slash at its end."""

    name: str
    environment: TargetEnvironment
    host: str
    entra_authority: str = PUBLIC_CLOUD_AUTHORITY
    service_principals: tuple[ServicePrincipal, ...] = ()

    @property
    def file(self) -> str:
        """The file a person edits to change this workspace."""
        return f"teams/{self.name}/workspaces.json"

    @property
    def variable_group(self) -> str:
        """The variable group that holds the credential of this workspace's environment."""
        return f"brickline-{self.environment.value}"
