from __future__ import annotations

from typing import Any

import pytest

from steps.lib.errors import InputError
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_plan import Action, JobPlan, Orphan, Plan, match, orphans
from tests.steps.lib.jobs.job_files import deployed, job

HOST = "https://dev.test"
TAGS = {"environment": "dev", "repo": "churn", "job": "train", "managed_by": "brickline"}
OF_PRODUCT = {key: value for key, value in TAGS.items() if key != "job"}
TRAIN = deployed(job())


def found(job_id: int = 1, name: str = "dev-churn-train", **tags: str) -> FoundJob:
    return FoundJob({"job_id": job_id, "settings": {"name": name, "tags": {**TAGS, **tags}}})


def test_absent_job_has_no_match() -> None:
    (one,) = match([TRAIN], [], "churn", HOST)
    assert (one.found, JobPlan(TRAIN, one.found).action) == (None, Action.CREATE)


def test_job_is_known_by_its_tags_and_not_by_its_name() -> None:
    renamed = found(7, "something else")
    assert match([TRAIN], [found(8, repo="other", name="x"), renamed], "churn", HOST)[0].found is renamed


def test_namesake_does_not_matter_where_ours_is_there() -> None:
    assert match([TRAIN], [found(1), found(2, managed_by="me")], "churn", HOST)[0].found == found(1)


@pytest.mark.parametrize("tag", ["environment", "repo", "job", "managed_by"])
def test_namesake_that_lacks_one_tag_stops_everything(tag: str) -> None:
    with pytest.raises(InputError, match=r"without the tags of this one.*https://dev\.test/jobs/9"):
        match([TRAIN], [found(9, **{tag: "other"})], "churn", HOST)


def test_every_doubt_is_told_at_once() -> None:
    other = deployed(job(notebook="notebooks/score.py"))
    rows: list[Any] = [found(1), found(2, "copy"), found(3, "dev-churn-score", job="x")]
    with pytest.raises(InputError) as caught:
        match([TRAIN, other], rows, "churn", HOST)
    assert [line.count("/jobs/") for line in caught.value.lines] == [2, 1]


def test_jobs_of_the_product_that_nobody_wants_are_orphans() -> None:
    others = [found(3, job="gone", repo="other"), found(4, job="gone", environment="prod")]
    rows = [found(1), found(2, job="gone"), *others]
    assert [one.job_id for one in orphans([TRAIN], rows, "churn", OF_PRODUCT)] == [2]


def test_job_with_our_tags_but_no_job_tag_is_left_alone() -> None:
    odd = FoundJob({"job_id": 5, "settings": {"tags": OF_PRODUCT}})
    assert orphans([TRAIN], [odd], "churn", OF_PRODUCT) == []


@pytest.mark.parametrize(("orphan", "begin", "end"), [
    (Orphan(found(2), is_deleted=True), "delete: job", "unless a run of it is active"),
    (Orphan(found(2), is_deleted=False), "orphaned: job", "ORPHANED_JOBS=delete would delete it"),
], ids=["delete", "keep"])
def test_plan_says_what_becomes_of_an_orphan(orphan: Orphan, begin: str, end: str) -> None:
    plan = Plan((), (orphan,))
    assert (plan.lines[0].startswith(begin), plan.lines[0].endswith(end)) == (True, True)
    assert plan.count == int(orphan.is_deleted)


def test_plan_tells_of_a_new_job_what_an_approver_wants_to_know() -> None:
    schedule = {"quartz_cron_expression": "0 0 5 ? * *", "timezone_id": "UTC", "pause_status": "PAUSED"}
    assert JobPlan(deployed(job(schedule=schedule)), None).lines == [
        "create: job dev-churn-train", "  cluster: default, 2 workers", "  schedule: 0 0 5 ? * * UTC, paused",
        "  run_as: app-1"]
