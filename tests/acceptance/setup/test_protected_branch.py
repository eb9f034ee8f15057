"""Where a policy protects the default branch, the files come through a pull request that somebody else completes."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.world.furnish import PRODUCT
from sandbox.world.people import ANNA, BEN
from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.product import expect_complete
from tests.acceptance.team import BRANCH, Team
from tests.conftest import Golden
from tests.set_up import set_up

MINIMUM_REVIEWERS = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"
SOURCE = "refs/heads/brickline/set-up"
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def protected(engineer: Engineer) -> Engineer:
    """`main` has a readme and needs a reviewer who is not the author."""
    pushed = {"commits": [{"comment": "Start", "changes": [
        {"changeType": "add", "item": {"path": "/README.md"},
         "newContent": {"content": "churn\n", "contentType": "rawtext"}}]}],
        "refUpdates": [{"name": "refs/heads/main", "oldObjectId": "0" * 40}]}
    engineer.send("POST", f"git/repositories/{PRODUCT}/pushes", ANNA, **pushed)
    repository = engineer.send("GET", f"git/repositories/{PRODUCT}")["id"]
    scope = [{"repositoryId": repository, "refName": "refs/heads/main", "matchKind": "exact"}]
    engineer.send("POST", "policy/configurations", isEnabled=True, isBlocking=True, type={"id": MINIMUM_REVIEWERS},
                  settings={"minimumApproverCount": 1, "creatorVoteCounts": False, "scope": scope})
    return engineer


def open_pull_requests(engineer: Engineer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engineer.send("GET", f"git/repositories/{PRODUCT}/pullrequests")["value"]
    return found


def complete(engineer: Engineer, made: dict[str, Any]) -> None:
    """Ben approves, and completes."""
    path = f"git/repositories/{PRODUCT}/pullrequests/{made['pullRequestId']}"
    ben = engineer.world.organisation.directory.of(BEN).id
    engineer.send("PUT", f"{path}/reviewers/{ben}", BEN, vote=10)
    engineer.send("PATCH", path, BEN, status="completed", lastMergeSourceCommit=made["lastMergeSourceCommit"])


def test_the_files_come_through_a_pull_request_and_work_once_it_is_completed(
        protected: Engineer, world: World, recorder: Recorder, tmp_path: Path, golden: Golden) -> None:
    first = protected.set_up()
    golden(GOLDEN / "protected_branch_summary.md", first.summary)
    [made] = open_pull_requests(protected)
    assert protected.view.files(PRODUCT) == ["README.md"]
    protected.forget()
    assert protected.set_up().outcome == "succeeded"
    assert protected.writes() == []
    complete(protected, made)
    expect_complete(protected)
    set_up(world)
    assert open_pull_requests(protected) == []
    team = Team(world, recorder, tmp_path)
    team.switch(BRANCH)
    assert team.only_run().outcome == "succeeded"
    assert "(RUNNING, " in team.cluster()
