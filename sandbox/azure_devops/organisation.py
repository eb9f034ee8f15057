"""The embedded Azure DevOps organisation: what it has, and the door where requests come in."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.azure_devops.organisation_state import Names, OrganisationState
from sandbox.azure_devops.routing import router_of
from sandbox.http.faults import Faults
from sandbox.http.message import Application
from sandbox.http.request_log import RequestLog

__all__ = ["Names", "Organisation"]


@dataclass
class Organisation(OrganisationState):
    """`faults` stand before the routes, and every request is in `log`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.faults = Faults(router_of(self))
        self.log = RequestLog(self.faults)

    @property
    def application(self) -> Application:
        return self.log
