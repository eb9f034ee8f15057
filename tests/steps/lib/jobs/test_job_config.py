from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.lib.jobs.job_config import job_configs
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.jobs.job_files import job, jobs_file, tasks

names = st.text(st.characters(codec="utf-8", exclude_characters="/\x00", exclude_categories=["Cc", "Cs"]),
                min_size=1, max_size=40)


@pytest.mark.parametrize(("repository", "fields", "name"), [
    pytest.param("churn", {}, "dev-churn-train", id="notebook"),
    pytest.param("churn", {"notebook": "a/b/train"}, "dev-churn-train", id="without-ending-and-folders"),
    pytest.param("churn", {"notebook": "a/train.v2"}, "dev-churn-train.v2", id="full-stop-without-ending"),
    pytest.param("churn", {"notebook": "a/train.v2.sql"}, "dev-churn-train.v2", id="full-stop-and-ending"),
    pytest.param("churn", {"name": "weekly"}, "dev-churn-train-weekly", id="notebook-and-name"),
    pytest.param("churn", {"name": "very-weekly"}, "dev-churn-train-very-weekly", id="hyphens-in-the-last-part"),
    pytest.param("churn", {"notebook": "summarise_numbers.py"}, "dev-churn-summarise_numbers", id="underscore"),
    pytest.param("churn", tasks({"task_key": "a"}), "dev-churn-flow", id="tasks-and-name"),
])
def test_a_plain_name_is_not_decorated(repository: str, fields: dict[str, Any], name: str) -> None:
    assert job(**fields).name_for(repository) == name


@pytest.mark.parametrize(("repository", "fields", "start"), [
    pytest.param("churn", {"notebook": "Train.py"}, "dev-churn-train-", id="upper-case"),
    pytest.param("churn-model", {}, "dev-churn-model-train-", id="hyphen-in-the-repository"),
    pytest.param("churn", {"notebook": "re-train", "name": "x"}, "dev-churn-re-train-x-", id="hyphen-in-the-notebook"),
    pytest.param("churn", {"name": "größe"}, "dev-churn-train-gro-e-", id="letters-of-other-languages"),
    pytest.param("churn", {"name": "##vso[x]$(y)\"'"}, "dev-churn-train-vso-x-y-", id="hostile"),
    pytest.param("churn", {"name": "deadbeef"}, "dev-churn-train-deadbeef-", id="looks-like-a-hash"),
    pytest.param("churn", {"name": "x" * 100}, "dev-churn-train-xxxx", id="long"),
])
def test_what_is_lost_in_a_name_is_made_up_for_by_a_hash(repository: str, fields: dict[str, Any], start: str) -> None:
    name = job(**fields).name_for(repository)
    assert name.startswith(start)
    assert len(name) <= 100
    assert name[-9] == "-"


@given(names, names, names, names)
def test_two_jobs_never_share_a_name_unless_they_are_one(one: str, first: str, other: str, second: str) -> None:
    left, right = (job(notebook=f"n/{part}.py", name=name) for part, name in ((one, first), (other, second)))
    same = (left.notebook, first) == (right.notebook, second)
    assert (left.name_for("churn") == right.name_for("churn")) is same


@given(names)
def test_a_name_is_a_harmless_file_name(name: str) -> None:
    assert set(job(name=name).name_for("churn")) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")


def test_the_tags_say_exactly_which_job_it_is() -> None:
    assert job(name="Größe & more").tags_for("Churn") == {
        "environment": "dev", "repo": "Churn", "job": "train/Größe & more", "managed_by": "brickline"}


def test_the_differences_of_the_environment_count_and_no_others() -> None:
    fields = {"timeout_seconds": 1, "environments": {"prod": {"timeout_seconds": 2}, "test": {"timeout_seconds": 3}}}
    found = {one.value: job(one, **fields).view.get(("timeout_seconds",)) for one in TargetEnvironment}
    assert found == {"local": 1, "dev": 1, "test": 3, "prod": 2}


def test_the_notebook_of_a_job_without_tasks_is_its_only_task() -> None:
    [(place, task)] = job(notebook="a b/my train.py").tasks
    assert place == ()
    assert job(notebook="a b/my train.py").task_key(task) == "my_train"


def test_entries_that_are_no_jobs_are_left_out() -> None:
    assert len(job_configs(jobs_file({"notebook": "a"}, None, 3), TargetEnvironment.DEV)) == 1
