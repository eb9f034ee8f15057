"""From environment to environment: what passes a gate, what does not, and what a second run finds to do."""
from __future__ import annotations

from typing import Any

from sandbox.world.furnish import PRODUCT
from tests.acceptance.jobs.deployer import Deployer

NOTEBOOK = "# Databricks notebook source\nraise ValueError('no data')\n"


def names(environment: str) -> list[str]:
    first = f"{environment}-{PRODUCT}-summarise_numbers"
    return [first, f"{first}-default-cluster", f"{first}-own-cluster"]


def test_only_dev_is_deployed_where_only_dev_was_chosen(deployer: Deployer) -> None:
    assert deployer.deploy("dev").outcome == "succeeded", deployer.log()
    assert deployer.jobs("dev") == names("dev")
    assert deployer.log().count("smoke tests of 1 job: 1 passed") == 1
    assert [name for name in ("test", "prod") if deployer.world.workspaces[name].log.entries()] == []


def test_a_failing_smoke_test_leaves_the_next_environment_alone(deployer: Deployer) -> None:
    deployer.commit({"notebooks/summarise_numbers.py": NOTEBOOK})
    run = deployer.deploy("dev", "test")
    assert run.outcome == "failed"
    assert "no data" in deployer.log()
    assert "1 tests in 1 files, 1 failed" in deployer.log()
    assert deployer.world.workspaces["test"].log.entries() == []


def without_smoke_tests(jobs: list[dict[str, Any]]) -> None:
    for job in jobs:
        job.pop("smoke_test", None)


def test_a_second_run_without_change_sends_no_write_to_any_environment(deployer: Deployer) -> None:
    deployer.edit_jobs(without_smoke_tests)
    assert deployer.deploy("dev", "test", "prod").outcome == "succeeded", deployer.log()
    assert [deployer.jobs(name) for name in ("dev", "test", "prod")] == [names("dev"), names("test"), names("prod")]
    deployer.forget()
    assert deployer.deploy("dev", "test", "prod").outcome == "succeeded", deployer.log()
    assert [deployer.writes(name) for name in ("dev", "test", "prod", "local")] == [[], [], [], []]
