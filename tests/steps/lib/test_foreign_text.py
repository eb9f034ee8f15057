"""Whatever comes from outside, in any shape: nothing may raise what nobody foresaw, nothing may command the agent."""
from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from steps.lib import agent
from steps.lib.access.permission_difference import granted, requested
from steps.lib.cluster.difference import differences
from steps.lib.databricks.error_replies import read_words, type_of
from steps.lib.databricks.errors import DatabricksError, Refusal
from steps.lib.http.retry import retry_after
from steps.lib.libraries.plan import Library, Status, outcome, plan, worded
from steps.lib.markdown import code_block

STEADY = settings(derandomize=True, deadline=None)
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
                    max_leaves=12)
CLUSTER_KEYS = st.sampled_from(["cluster_name", "spark_version", "custom_tags", "spark_conf", "autoscale", "spec",
                                "data_security_mode", "num_workers", "azure_attributes", "init_scripts", "state"])
CLUSTERS = st.dictionaries(CLUSTER_KEYS, JSON, max_size=6)
PACKAGES = st.text(max_size=20)
LIBRARIES = st.one_of(
    st.builds(lambda text: {"jar": text}, PACKAGES), st.builds(lambda text: {"pypi": {"package": text}}, PACKAGES),
    st.builds(lambda text: {"maven": {"coordinates": text}}, PACKAGES))
STATES = st.sampled_from(["INSTALLED", "PENDING", "FAILED", "UNINSTALL_ON_RESTART", "SKIPPED", "NEW_STATE"])


@STEADY
@given(st.integers(100, 599), st.text() | JSON.map(json.dumps))
def test_any_reply_becomes_a_typed_error(status: int, body: str) -> None:
    code, message = read_words(status, body)
    refusal = Refusal("GET /x", "https://h.test", "f", status, code, message)
    assert isinstance(type_of(status, code, message)(refusal), DatabricksError)


@STEADY
@given(st.text())
def test_any_retry_after_is_a_number_or_nothing(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0


@STEADY
@given(st.text())
def test_any_text_is_one_harmless_line(text: str) -> None:
    shown = agent.show(text)
    assert shown.isprintable()
    assert "##vso[" not in shown.lower()
    assert "##[" not in shown


@STEADY
@given(st.text())
def test_any_text_in_a_code_block_stays_inside_its_fence(text: str) -> None:
    fence, line, end = code_block([text])
    assert fence == end
    assert fence not in line
    assert not set("\n\r") & set(line)


@STEADY
@given(CLUSTERS, CLUSTERS)
def test_any_two_clusters_can_be_compared_and_worded(desired: dict[str, Any], present: dict[str, Any]) -> None:
    assert all(str(change) for change in differences(desired, present))


@STEADY
@given(CLUSTERS)
def test_a_cluster_never_differs_from_itself(cluster: dict[str, Any]) -> None:
    assert differences(cluster, cluster) == []


@STEADY
@given(st.lists(LIBRARIES, max_size=4), st.lists(st.builds(Status, LIBRARIES, STATES), max_size=5))
def test_any_library_is_in_one_part_of_the_outcome(desired: list[dict[str, Any]], rows: list[Status]) -> None:
    end = outcome(desired, rows)
    assert len(end.ready) + len(end.unfinished) + len(end.waiting) + len(end.failed) == len(desired)
    assert all(worded(entry) for entry in plan(desired, rows).install)


@STEADY
@given(st.lists(LIBRARIES, max_size=4))
def test_installed_libraries_need_no_change(desired: list[dict[str, Any]]) -> None:
    assert plan(desired, [Status(entry, "INSTALLED") for entry in desired]).changes == 0


@STEADY
@given(LIBRARIES)
def test_a_library_equals_itself(entry: dict[str, Any]) -> None:
    assert Library.of(entry) == Library.of(dict(entry))


@STEADY
@given(st.lists(st.dictionaries(st.sampled_from(["user_name", "group_name", "permission_level", "all_permissions"]),
                                st.text(), max_size=3), max_size=3))
def test_any_entries_of_texts_can_be_read(entries: list[dict[str, Any]]) -> None:
    assert len(requested(entries)) <= len(entries)
    plain = [{key: value for key, value in entry.items() if key != "all_permissions"} for entry in entries]
    assert granted({"access_control_list": plain}, inherited=False) == {}
