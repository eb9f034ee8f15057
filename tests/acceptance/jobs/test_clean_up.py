"""After prod: merged branches go, others stay, and a release tag is deployed as the default branch is."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.policies.configuration import MINIMUM_REVIEWERS
from sandbox.display.devops_rest import DevopsRest
from sandbox.world.furnish import PRODUCT
from sandbox.world.people import ANNA, PLATFORM
from tests.acceptance.jobs.deployer import Deployer

REPOSITORY = f"git/repositories/{PRODUCT}"


@pytest.fixture
def quick(deployer: Deployer) -> Deployer:
    """With one job, on a cluster of its own, and no smoke test."""
    def one(jobs: list[dict[str, Any]]) -> None:
        jobs[:] = jobs[2:]
    deployer.edit_jobs(one)
    return deployer


def branch(deployer: Deployer, name: str) -> None:
    """A branch with one commit more than the default branch."""
    person = deployer.team.person
    person.git("checkout", "-q", "-B", name, "origin/main")
    (person.folder / f"{name.replace('/', '-')}.txt").write_text("x")
    deployer.team.send(f"Work on {name} [skip ci]")


def squash(rest: DevopsRest, name: str) -> None:
    """Merge a branch as one commit, and forget to delete it."""
    number = rest.send(f"{REPOSITORY}/pullRequests", {
        "sourceRefName": f"refs/heads/{name}", "targetRefName": "refs/heads/main", "title": name})["pullRequestId"]
    commit = rest.send(f"{REPOSITORY}/pullRequests/{number}")["lastMergeSourceCommit"]
    rest.send(f"{REPOSITORY}/pullRequests/{number}", {
        "status": "completed", "lastMergeSourceCommit": commit,
        "completionOptions": {"mergeStrategy": "squash", "deleteSourceBranch": False}}, method="PATCH")


def lock(rest: DevopsRest, name: str) -> None:
    rest.send(f"{REPOSITORY}/refs", {"isLocked": True}, method="PATCH", filter=f"heads/{name}")


def protect(rest: DevopsRest, name: str) -> None:
    """Demand a reviewer for whatever reaches the branch."""
    rest.send("policy/configurations", {
        "isEnabled": True, "isBlocking": True, "type": {"id": MINIMUM_REVIEWERS},
        "settings": {"minimumApproverCount": 1, "scope": [
            {"repositoryId": None, "refName": f"refs/heads/{name}", "matchKind": "exact"}]}})


def release(deployer: Deployer, tag: str) -> None:
    """Tag what is merged."""
    git = deployer.team.person.git
    git("fetch", "-q")
    git("tag", tag, "origin/main")
    git("push", "-q", "origin", tag)


def test_a_release_tag_is_deployed_and_merged_branches_are_cleaned_up(quick: Deployer) -> None:
    for name in ("feature/merged", "feature/locked", "feature/protected", "feature/open"):
        branch(quick, name)
    for name in ("feature/merged", "feature/locked", "feature/protected"):
        squash(quick.rest(ANNA), name)
    lock(quick.rest(PLATFORM), "feature/locked")
    protect(quick.rest(PLATFORM), "feature/protected")
    release(quick, "v1.0.0")
    run = quick.deploy("prod", ref="refs/tags/v1.0.0")
    assert run.outcome == "succeeded", quick.log()
    assert quick.jobs("prod") == [f"prod-{PRODUCT}-summarise_numbers-own-cluster"]
    assert quick.branches() == {"main", "feature/locked", "feature/protected", "feature/open"}


def test_branches_stay_where_nobody_wants_them_cleaned_up(quick: Deployer) -> None:
    branch(quick, "feature/merged")
    squash(quick.rest(ANNA), "feature/merged")
    run = quick.start("prod", cleanUpBranches="no", dryRun="true")
    assert quick.ended(run).outcome == "succeeded", quick.log()
    assert "feature/merged" in quick.branches()
    assert quick.writes("prod") == []
