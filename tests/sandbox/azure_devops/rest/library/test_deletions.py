"""What is deleted answers 204 without content, whatever it was."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.office import Office

AREA = "analytics/_apis/distributedtask"
THINGS = [
    pytest.param(f"{AREA}/environments", {"name": "prod"}, id="environment"),
    pytest.param(f"{AREA}/variablegroups", {"name": "keys", "variables": {"a": {"value": "b"}}}, id="group"),
]


@pytest.mark.parametrize(("area", "body"), THINGS)
def test_deletion_answers_204(office: Office, area: str, body: dict[str, Any]) -> None:
    made = office.send("POST", area, "admin", json=body)
    answer = office.send("DELETE", f"{area}/{made.json()['id']}", "admin", params={"projectIds": office.project.id})
    assert (made.status_code, answer.status_code, answer.content) == (200, 204, b"")
