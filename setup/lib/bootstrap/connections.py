"""Service connections in place of stored secrets: they are guarded as the variable groups are. Pure."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from setup.lib.bootstrap.guarded import Guarded, guard_tasks, wanted_checks
from setup.lib.bootstrap.inputs import Credential
from setup.lib.bootstrap.tasks import Task
from setup.lib.release import Release


@dataclass(frozen=True)
class Connection:
    """The service connection of a credential in one project. `guarded` is None where there is none of this id."""

    project: str
    credential: Credential
    guarded: Guarded | None

    @property
    def thing(self) -> str:
        return f"{self.project}: service connection of {self.credential.group}"


def connection_tasks(connection: Connection, release: Release) -> Iterator[Task]:
    if connection.guarded is None:
        by_hand = ("create it: Project settings > Service connections > New > Azure Resource Manager > Workload "
                   "identity federation (manual); its id is in the address of its page as resourceId")
        found = f"{connection.credential.service_connection_id} is missing or hidden"
        yield Task(connection.thing, found, by_hand=by_hand)
        return
    tasks = list(guard_tasks(connection.guarded, wanted_checks(connection.credential, release)))
    yield from tasks or [Task(connection.thing, "there, and guarded")]
