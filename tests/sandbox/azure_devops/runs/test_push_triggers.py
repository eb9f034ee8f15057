from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import NO_COMMIT, Author, BareRepository, File
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs.push_triggers import orders_for
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.pipelines.request import Identity

PIPELINE = Pipeline(1, "listener", "churn", "ci/listener.yml")
ANNA = Identity("Anna", "anna@example.com")
FILTERED = """
trigger:
  batch: true
  branches:
    include: ['*']
    exclude: [main]
  paths:
    include: [a.json]
"""


@pytest.fixture
def repository(tmp_path: Path) -> BareRepository:
    return BareRepository.create("churn", tmp_path / "churn.git")


def pushed(repository: BareRepository, yaml: str, *paths: str, ref: str = "refs/heads/x") -> Push:
    files = {PIPELINE.yaml_path: File(yaml.encode())}
    commit = repository.commit_files(ref, files, message="m", author=Author("a", "a@b.c"))
    return Push("churn", ref, NO_COMMIT, commit, ANNA, paths, skips_ci=False)


def orders(repository: BareRepository, push: Push) -> list[RunOrder]:
    return orders_for(push, repository, [PIPELINE])


def test_changed_path_in_the_filter_starts_a_batched_run(repository: BareRepository) -> None:
    push = pushed(repository, FILTERED, "a.json")
    assert orders(repository, push) == [RunOrder(PIPELINE, push.ref, push.new, "BatchedCI", ANNA, batch=True)]


@pytest.mark.parametrize(("paths", "ref"), [
    (["b.json"], "refs/heads/x"), ([], "refs/heads/x"), (["a.json"], "refs/heads/main"), (["a.json"], "refs/tags/v1"),
], ids=["other path", "no path", "excluded branch", "tag"])
def test_what_the_filter_leaves_out_starts_nothing(repository: BareRepository, paths: list[str], ref: str) -> None:
    assert orders(repository, pushed(repository, FILTERED, *paths, ref=ref)) == []


@pytest.mark.parametrize("yaml", ["steps: []\n", "trigger:\nsteps: []\n"], ids=["absent", "empty"])
def test_without_a_trigger_every_branch_starts_a_run(repository: BareRepository, yaml: str) -> None:
    assert [(order.reason, order.batch) for order in orders(repository, pushed(repository, yaml))] == [
        ("IndividualCI", False)]


def test_trigger_none_starts_nothing(repository: BareRepository) -> None:
    assert orders(repository, pushed(repository, "trigger: none\n", "a.json")) == []


def test_the_pushed_branchs_own_yaml_decides(repository: BareRepository) -> None:
    pushed(repository, "trigger: none\n", ref="refs/heads/main")
    assert len(orders(repository, pushed(repository, "trigger: ['*']\n", ref="refs/heads/x"))) == 1


def test_branch_without_the_yaml_starts_nothing(repository: BareRepository) -> None:
    push = pushed(repository, "trigger: ['*']\n")
    assert orders_for(push, repository, [replace(PIPELINE, yaml_path="other.yml")]) == []


def test_commit_that_asks_to_skip_ci_starts_nothing(repository: BareRepository) -> None:
    assert orders(repository, replace(pushed(repository, FILTERED, "a.json"), skips_ci=True)) == []


@pytest.mark.parametrize("yaml", ["trigger: [\n", "trigger: maybe\n"], ids=["no YAML", "no trigger"])
def test_broken_yaml_starts_a_run_that_will_say_so(repository: BareRepository, yaml: str) -> None:
    assert len(orders(repository, pushed(repository, yaml))) == 1
