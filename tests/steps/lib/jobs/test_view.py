from __future__ import annotations

from steps.lib.jobs.view import merged
from tests.steps.lib.documents import document

BASE = {"name": "x", "schedule": {"cron": "a", "zone": "UTC"}, "mails": ["a"], "environments": {
    "prod": {"schedule": {"cron": "b"}, "mails": ["b", "c"], "limit": 5, "name": None}}}
FILE = document({"jobs": [BASE]}, "jobs_config.json")
VIEW = merged(FILE, ("jobs", 0), ("jobs", 0, "environments", "prod"), without="environments")
PROD = ("jobs", 0, "environments", "prod")


def test_objects_are_merged_key_by_key_and_everything_else_is_replaced() -> None:
    assert VIEW.data == {"name": None, "schedule": {"cron": "b", "zone": "UTC"}, "mails": ["b", "c"], "limit": 5}


def test_without_differences_the_base_is_left() -> None:
    view = merged(FILE, ("jobs", 0), ("jobs", 0, "environments", "dev"), without="environments")
    assert view.data == {key: value for key, value in BASE.items() if key != "environments"}


def test_the_document_is_not_changed() -> None:
    assert FILE.get(("jobs", 0)) == BASE


def test_each_value_is_found_where_it_was_written() -> None:
    assert VIEW.finding(("schedule", "cron"), "x") == FILE.finding((*PROD, "schedule", "cron"), "x")
    assert VIEW.finding(("schedule", "zone"), "x") == FILE.finding(("jobs", 0, "schedule", "zone"), "x")
    assert VIEW.finding(("mails", 1), "x") == FILE.finding((*PROD, "mails", 1), "x")
    assert VIEW.column(("limit",)) == FILE.column((*PROD, "limit"))
    assert VIEW.place(("limit",)) == FILE.place((*PROD, "limit"))


def test_a_part_in_another_shape_still_knows_where_it_was_written() -> None:
    part = VIEW.part(("schedule",), ("cluster", "parameters"))
    assert part.data == {"cluster": {"parameters": {"cron": "b", "zone": "UTC"}}}
    assert part.finding(("cluster", "parameters", "cron"), "x") == FILE.finding((*PROD, "schedule", "cron"), "x")
    assert part.finding(("cluster", "parameters", "zone"), "x") == FILE.finding(("jobs", 0, "schedule", "zone"), "x")


def test_an_object_replaces_a_text_and_a_text_an_object() -> None:
    both = document({"a": {"x": "text", "y": {"k": 1}}, "b": {"x": {"k": 2}, "y": "text"}}, "f.json")
    assert merged(both, ("a",), ("b",), without="").data == {"x": {"k": 2}, "y": "text"}
