from __future__ import annotations

import json

import pytest

from sandbox.http.message import json_response
from steps.lib.azure_devops.repositories import Repository
from steps.lib.branches.branch import Branch
from steps.lib.branches.deletion import AT_ONCE, Outcome, delete
from tests.steps.lib.azure_devops.service import Service, connected

WHERE = Repository("r1", "churn", "p1", "analytics", "refs/heads/main")
BRANCH = Branch("refs/heads/feature/x", "a" * 40)


def outcomes(*rows: dict[str, object]) -> list[Outcome]:
    with connected(Service(lambda _: json_response({"count": len(rows), "value": [*rows]}))) as devops:
        return delete(devops, WHERE, [BRANCH])


@pytest.mark.parametrize(("status", "gone", "kept"), [
    ("succeeded", True, False), ("succeededNonExistentRef", True, False), ("staleOldObjectId", False, True),
    ("locked", False, True), ("rejectedByPolicy", False, True), ("rejectedByPlugin", False, True),
    ("succeededCorruptRef", False, False), ("forcePushRequired", False, False), ("unprocessed", False, False),
    ("somethingNew", False, False),
])
def test_every_result_is_inspected_whatever_its_flag_says(status: str, gone: bool, kept: bool) -> None:
    [outcome] = outcomes({"name": BRANCH.ref, "updateStatus": status, "success": True})
    assert (outcome.is_gone, outcome.is_kept, outcome.problem == "") == (gone, kept, gone)


def test_branch_that_the_reply_leaves_out_is_a_problem() -> None:
    [outcome] = outcomes({"name": "refs/heads/other", "updateStatus": "succeeded", "success": True})
    assert "the service answered 'nothing', expected 'succeeded'" in outcome.problem


def test_examined_commit_is_what_is_swapped() -> None:
    service = Service(lambda _: json_response({"count": 0, "value": []}))
    with connected(service) as devops:
        delete(devops, WHERE, [BRANCH])
    assert service.body == [{"name": BRANCH.ref, "oldObjectId": "a" * 40, "newObjectId": "0" * 40}]


def test_many_branches_go_in_parts() -> None:
    service = Service(lambda _: json_response({"count": 0, "value": []}))
    many = [Branch(f"refs/heads/feature/{number}", "a" * 40) for number in range(AT_ONCE + 1)]
    with connected(service) as devops:
        assert len(delete(devops, WHERE, many)) == AT_ONCE + 1
    assert [len(json.loads(call.body)) for call in service.calls] == [AT_ONCE, 1]
