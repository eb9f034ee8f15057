from __future__ import annotations

import pytest

from setup.lib.bootstrap.branch_deletion import tasks_for
from setup.lib.bootstrap.tasks import Grant, Task
from steps.lib.azure_devops.access_control import GIT, Entry
from steps.lib.azure_devops.identities import Identity
from steps.lib.azure_devops.repositories import Repository

LOCAL = Identity("key", "descriptor", "brickline-local", frozenset())
# https://learn.microsoft.com/azure/devops/organizations/security/namespace-reference has the form of the token.
FEATURE = "repoV2/p1/r1/refs/heads/6600650061007400750072006500"


def tasks(default: str = "refs/heads/main", prefixes: tuple[str, ...] = ("feature/",),
          entry: Entry | None = None) -> list[Task]:
    entries = {FEATURE.casefold(): entry} if entry else {}
    return tasks_for(LOCAL, [Repository("r1", "churn", "p1", "analytics", default)], prefixes, entries)


def test_force_push_alone_is_granted_and_on_that_folder_alone() -> None:
    [task] = tasks()
    assert task.action == Grant(GIT, FEATURE, "descriptor", 8)
    assert task.thing == "permissions of brickline-local on branches below 'feature' of analytics/churn"


def test_what_was_granted_is_as_needed() -> None:
    [task] = tasks(entry=Entry(allow=8))
    assert (task.is_done, task.found) == (True, "as needed in 1 folder of branches")


def test_a_deny_is_left_to_a_person() -> None:
    [task] = tasks(entry=Entry(deny=8))
    assert (task.action, "take the deny away" in task.by_hand) == (None, True)


@pytest.mark.parametrize("default", ["refs/heads/feature/main", "refs/heads/feature", "refs/heads/Feature/Main"])
def test_nothing_is_granted_that_reaches_the_default_branch(default: str) -> None:
    [task] = tasks(default)
    assert (task.action, task.todo) == (None, "")
    assert "is among them, expected it elsewhere" in task.found
    assert "cleanUpBranchPrefixes" in task.by_hand


def test_a_default_branch_that_only_begins_so_is_another_one() -> None:
    assert tasks("refs/heads/features")[0].action is not None


@pytest.mark.parametrize("prefix", ["/", "wip-", "users/anna-", "feature//", "/feature/", "a//b/"])
def test_a_prefix_that_is_no_folder_would_open_more_than_it_says(prefix: str) -> None:
    [task] = tasks("refs/heads/feature/main", prefixes=(prefix,))
    assert task.action is None
    assert task.found == f"{prefix!r} is no folder of branches, expected a name that ends in '/'"


def test_each_part_of_a_folder_is_a_level_of_the_token() -> None:
    [task] = tasks(prefixes=("a/b/",))
    assert task.action == Grant(GIT, "repoV2/p1/r1/refs/heads/6100/6200", "descriptor", 8)
