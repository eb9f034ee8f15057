from __future__ import annotations

from typing import Any

import pytest

from steps.lib.libraries.plan import Library, Status, outcome, plan, statuses_of, worded

PANDAS: dict[str, Any] = {"pypi": {"package": "pandas==2.2.3"}}
OLD_PANDAS: dict[str, Any] = {"pypi": {"package": "pandas==2.1.0"}}
NUMPY: dict[str, Any] = {"pypi": {"package": "numpy==2.0.0"}}
JAR: dict[str, Any] = {"jar": "/Volumes/a/b.jar"}


def test_new_library_is_installed_and_a_removed_one_uninstalled() -> None:
    todo = plan([PANDAS, NUMPY], [Status(NUMPY, "INSTALLED"), Status(JAR, "INSTALLED")])
    assert (todo.install, todo.uninstall) == ((PANDAS,), (JAR,))


@pytest.mark.parametrize("state", ["INSTALLED", "SKIPPED", "PENDING", "RESOLVING", "INSTALLING", "RESTORED"])
def test_nothing_is_sent_for_what_is_there_or_on_its_way(state: str) -> None:
    assert plan([PANDAS], [Status(PANDAS, state)]).changes == 0


def test_library_of_all_clusters_is_not_ours_to_remove() -> None:
    assert plan([], [Status(JAR, "INSTALLED", everywhere=True)]).changes == 0


def test_failed_library_is_tried_again() -> None:
    todo = plan([PANDAS], [Status(PANDAS, "FAILED", ("no such version",))])
    assert todo.install == (PANDAS,)
    assert todo.retried == {Library.of(PANDAS)}


def test_removed_library_that_waits_for_a_restart_is_told_and_not_removed_twice() -> None:
    todo = plan([], [Status(JAR, "UNINSTALL_ON_RESTART")])
    assert (todo.changes, todo.leaving) == (0, (JAR,))


def test_library_that_was_removed_and_is_wanted_again_is_installed_again() -> None:
    assert plan([JAR], [Status(JAR, "UNINSTALL_ON_RESTART")]).install == (JAR,)


def test_library_that_was_asked_for_again_is_not_asked_for_a_third_time() -> None:
    assert plan([JAR], [Status(JAR, "PENDING"), Status(JAR, "UNINSTALL_ON_RESTART")]).changes == 0


def test_another_version_means_uninstall_install_and_a_restart() -> None:
    todo = plan([PANDAS], [Status(OLD_PANDAS, "INSTALLED")])
    assert (todo.install, todo.uninstall, todo.blocked) == ((PANDAS,), (OLD_PANDAS,), (PANDAS,))


def test_version_blocked_by_one_that_leaves_is_left_alone() -> None:
    todo = plan([PANDAS], [Status(OLD_PANDAS, "UNINSTALL_ON_RESTART"), Status(PANDAS, "FAILED", ("duplicate",))])
    assert todo.changes == 0


def test_version_blocked_by_an_admin_s_library_has_failed() -> None:
    rows = [Status(OLD_PANDAS, "INSTALLED", everywhere=True), Status(PANDAS, "FAILED", ("duplicate",))]
    assert [row.messages for row in outcome([PANDAS], rows).failed] == [("duplicate",)]


@pytest.mark.parametrize(("one", "other", "same"), [
    pytest.param({"pypi": {"package": "Scikit_Learn==1.5"}}, {"pypi": {"package": "scikit-learn == 1.5"}}, True,
                 id="spelling of a Python package"),
    pytest.param({"pypi": {"package": "a[x,Y]==1"}}, {"pypi": {"package": "A[y, x]==1"}}, True, id="extras"),
    pytest.param({"pypi": {"package": "a[x]==1"}}, {"pypi": {"package": "a==1"}}, False, id="other extras"),
    pytest.param({"pypi": {"package": "a==1"}}, {"pypi": {"package": "a==1", "repo": "https://r"}}, False, id="repo"),
    pytest.param({"maven": {"coordinates": "g:a:1", "exclusions": ["x", "y"]}},
                 {"maven": {"coordinates": "g:a:1", "exclusions": ["y", "x"]}}, True, id="order of exclusions"),
    pytest.param({"maven": {"coordinates": "g:a:1"}}, {"maven": {"coordinates": "g:a:2"}}, False, id="maven version"),
    pytest.param({"cran": {"package": "Rcpp"}}, {"cran": {"package": "rcpp"}}, False, id="CRAN knows case"),
    pytest.param({"jar": "/a.jar"}, {"whl": "/a.jar"}, False, id="type"),
    pytest.param({"jar": "/a.jar"}, {"jar": "/A.jar"}, False, id="path"),
    pytest.param({"pypi": {"package": "a==1"}}, {"cran": {"package": "a==1"}}, False, id="language"),
])
def test_two_entries_are_equal_if_they_name_the_same_thing(one: dict[str, Any], other: dict[str, Any],
                                                           same: bool) -> None:
    assert (Library.of(one) == Library.of(other)) is same


@pytest.mark.parametrize(("rows", "part"), [
    pytest.param([Status(PANDAS, "INSTALLED")], "ready", id="installed"),
    pytest.param([Status(PANDAS, "SKIPPED")], "ready", id="skipped"),
    pytest.param([Status(PANDAS, "INSTALLING")], "unfinished", id="installing"),
    pytest.param([], "unfinished", id="not listed yet"),
    pytest.param([Status(PANDAS, "FAILED")], "failed", id="failed"),
    pytest.param([Status(PANDAS, "UNINSTALL_ON_RESTART")], "waiting", id="removed and added again"),
    pytest.param([Status(PANDAS, "FAILED"), Status(OLD_PANDAS, "UNINSTALL_ON_RESTART")], "waiting", id="blocked"),
])
def test_outcome_puts_each_library_in_one_part(rows: list[Status], part: str) -> None:
    end = outcome([PANDAS], rows)
    assert [name for name in ("ready", "unfinished", "waiting", "failed") if getattr(end, name)] == [part]


def test_statuses_are_read_from_the_answer() -> None:
    row = {"library": PANDAS, "status": "FAILED", "messages": ["no"], "is_library_for_all_clusters": True}
    assert statuses_of([row]) == [Status(PANDAS, "FAILED", ("no",), everywhere=True)]


def test_a_row_without_a_library_is_no_status() -> None:
    assert statuses_of([{"status": "INSTALLED"}]) == []


@pytest.mark.parametrize(("entry", "text"), [
    (PANDAS, "pypi pandas==2.2.3"),
    (JAR, "jar /Volumes/a/b.jar"),
    ({"maven": {"coordinates": "g:a:1"}}, "maven g:a:1"),
    ({"pypi": {"package": "a", "repo": "https://r.test"}}, "pypi a from https://r.test"),
], ids=["pypi", "jar", "maven", "repo"])
def test_a_library_is_worded_for_people(entry: dict[str, Any], text: str) -> None:
    assert worded(entry) == text
