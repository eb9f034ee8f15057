"""Approve what you saw: nothing else reaches prod."""
from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.acceptance.jobs.deployer import Deployer


@pytest.fixture
def quick(deployer: Deployer) -> Deployer:
    """With one job, on a cluster of its own, and no smoke test."""
    def one(jobs: list[dict[str, Any]]) -> None:
        jobs[:] = jobs[2:]
    deployer.edit_jobs(one)
    return deployer


def change_by_hand(deployer: Deployer, **settings: object) -> None:
    view = deployer.view("prod")
    [job] = view.get("/api/2.2/jobs/list")["jobs"]
    requests.post(f"{view.host}/api/2.2/jobs/update", json={"job_id": job["job_id"], "new_settings": settings},
                  headers={"Authorization": f"Bearer {view.token}"}, timeout=10).raise_for_status()


def test_a_rejected_approval_leaves_prod_exactly_as_it_was(quick: Deployer) -> None:
    run = quick.start("prod")
    quick.await_approval(run)
    assert quick.writes("prod") == []
    quick.decide(approved=False)
    assert quick.ended(run).outcome == "failed"
    assert quick.writes("prod") == []
    assert "create: job prod-churn-summarise_numbers-own-cluster" in quick.log()


def test_a_plan_is_stale_where_somebody_changed_the_workspace_after_it_was_made(quick: Deployer) -> None:
    assert quick.deploy("prod").outcome == "succeeded", quick.log()
    quick.edit_jobs(lambda jobs: jobs[0].update(timeout_seconds=600))
    run = quick.start("prod")
    quick.await_approval(run)
    change_by_hand(quick, timeout_seconds=60)
    quick.forget()
    quick.decide(approved=True)
    assert quick.ended(run).outcome == "failed"
    assert "create_or_edit_jobs: the plan is stale: since it was approved the workspace changed" in quick.log()
    assert quick.writes("prod") == []
