"""Merges the story's branch as two people would: one opens a pull request, it is completed as one commit."""
from __future__ import annotations

import time

from sandbox.demo.stage import BRANCH, Stage, StoryError
from sandbox.world.furnish import PRODUCT
from sandbox.world.people import ANNA

_PATH = f"git/repositories/{PRODUCT}/pullRequests"
_SECONDS = 20.0


def merge_by_pull_request(stage: Stage, title: str) -> None:
    """Into the default branch, squashed; the branch stays, as the one who merges it forgets to delete it."""
    rest = stage.rest(ANNA)
    number = rest.send(_PATH, {"sourceRefName": f"refs/heads/{BRANCH}", "targetRefName": "refs/heads/main",
                               "title": title})["pullRequestId"]
    deadline = time.monotonic() + _SECONDS
    while (found := rest.send(f"{_PATH}/{number}"))["mergeStatus"] == "queued":
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    rest.send(f"{_PATH}/{number}", {
        "status": "completed", "lastMergeSourceCommit": found["lastMergeSourceCommit"],
        "completionOptions": {"mergeStrategy": "squash", "deleteSourceBranch": False}}, method="PATCH")
    while rest.send(f"{_PATH}/{number}")["status"] != "completed":
        if time.monotonic() > deadline:
            message = f"pull request {number} was not completed within {_SECONDS:g} seconds"
            raise StoryError(message)
        time.sleep(0.05)
    stage.show(f"Pull request {number}, {title!r}, is completed as one commit on main. {BRANCH} is left behind.")
    stage.show("")
