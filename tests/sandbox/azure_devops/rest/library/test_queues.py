"""Agent queues through the unmodified client."""
from __future__ import annotations

from sandbox.azure_devops.projects.library import AgentQueue
from tests.sandbox.azure_devops.rest.models import error_of
from tests.sandbox.azure_devops.rest.office import Office


def test_queues_are_listed_with_their_pools(office: Office) -> None:
    office.project.library.put_queue(AgentQueue("Own agents", hosted=False))
    client = office.client("task_agent")
    assert ("Own agents", False) in [(one.name, one.pool.is_hosted) for one in client.get_agent_queues("analytics")]
    [found] = client.get_agent_queues("analytics", queue_name="own AGENTS")
    assert (found.name, found.project_id) == ("Own agents", office.project.id)


def test_queue_that_nobody_made_is_not_found(office: Office) -> None:
    assert error_of(office, "GET", "analytics/_apis/distributedtask/queues/99")[0] == 404
