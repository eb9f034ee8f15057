from __future__ import annotations

from typing import Any

import pytest

from sandbox.http.message import json_response
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.own_identity import own_identity
from steps.lib.azure_devops.repositories import projects, repository
from tests.steps.lib.azure_devops.service import Service, connected


@pytest.mark.parametrize("body", [None, {}, {"id": "1", "name": "churn"}, {"id": "1", "name": "churn", "project": {}}],
                         ids=["null", "nothing", "no project", "empty project"])
def test_a_reply_that_lacks_a_field_is_refused_by_name(body: dict[str, Any] | None) -> None:
    with connected(Service(lambda _: json_response(body))) as devops, pytest.raises(
            errors.NotAzureDevOps, match="the reply has no field"):
        repository(devops, "analytics", "churn")


def test_so_is_a_row_of_a_list() -> None:
    answer = json_response({"count": 1, "value": [{"name": "analytics"}]})
    with connected(Service(lambda _: answer)) as devops, pytest.raises(errors.NotAzureDevOps, match="no field 'id'"):
        projects(devops)


def test_the_call_is_named() -> None:
    with connected(Service(lambda _: json_response({}))) as devops, pytest.raises(errors.NotAzureDevOps) as caught:
        own_identity(devops)
    assert "ConnectionData" in caught.value.lines[0]
    assert "'authenticatedUser'" in caught.value.lines[0]
