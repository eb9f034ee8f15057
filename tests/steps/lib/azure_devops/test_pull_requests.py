from __future__ import annotations

from typing import Any

import pytest

from sandbox.http.message import json_response
from steps.lib.azure_devops.pull_requests import (
    active_pull_request,
    create_pull_request,
    demands_pull_request,
)
from tests.steps.lib.azure_devops.service import Service, connected
from tests.steps.lib.azure_devops.test_repositories import CHURN

MAIN = "refs/heads/main"


def pull_request(number: int, source: str) -> dict[str, Any]:
    return {"pullRequestId": number, "sourceRefName": source, "targetRefName": MAIN}


def listing(*rows: dict[str, Any]) -> Service:
    return Service(lambda _: json_response({"count": len(rows), "value": list(rows)}))


def policy(scope: dict[str, Any], **changed: bool) -> dict[str, Any]:
    return {"isEnabled": True, "isBlocking": True, "settings": {"scope": [scope]}, **changed}


def test_a_pull_request_of_another_branch_is_not_taken_for_ours() -> None:
    with connected(listing(pull_request(1, "refs/heads/a"), pull_request(2, "refs/heads/a&b"))) as devops:
        found = active_pull_request(devops, CHURN, "refs/heads/a&b", MAIN)
    assert found is not None
    assert (found.id, found.web_url) == (2, "https://x.test/_git/churn/pullrequest/2")


def test_the_branch_is_searched_for_by_its_whole_name() -> None:
    service = listing()
    with connected(service) as devops:
        assert active_pull_request(devops, CHURN, "refs/heads/a&b#c", MAIN) is None
    assert service.calls[0].query["searchCriteria.sourceRefName"] == ["refs/heads/a&b#c"]


def test_a_new_pull_request_names_both_branches() -> None:
    service = Service(lambda _: json_response(pull_request(7, "refs/heads/x"), 201))
    with connected(service) as devops:
        made = create_pull_request(devops, CHURN, source="refs/heads/x", target=MAIN, title="T", description="D")
    assert made.id == 7
    assert service.body == {"sourceRefName": "refs/heads/x", "targetRefName": MAIN, "title": "T", "description": "D"}


@pytest.mark.parametrize(("row", "demands"), [
    (policy({"refName": MAIN, "matchKind": "Exact"}), True),
    (policy({"matchKind": "DefaultBranch"}), True),
    (policy({"repositoryId": "r1"}), False),
    (policy({"refName": MAIN}, isEnabled=False), False),
    (policy({"refName": MAIN}, isBlocking=False), False),
], ids=["of-the-branch", "of-default-branches", "of-pushes", "switched-off", "optional"])
def test_only_a_blocking_policy_of_branches_demands_a_pull_request(row: dict[str, Any], demands: bool) -> None:
    with connected(listing(row)) as devops:
        assert demands_pull_request(devops, CHURN, MAIN) is demands
