"""Replies of another type than the service's, to every call that reads inside them: told as such, and never a bug."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.http.message import Response, json_response
from steps.lib.databricks import errors
from steps.lib.databricks.runs import GET_RUN, whole_run
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_search import GET, LIST, look_up, read_whole
from tests.steps.lib.databricks.test_client import answer, serving

ME, RUN_NOW = "/api/2.0/preview/scim/v2/Me", "/api/2.2/jobs/run-now"
STATUSES = "/api/2.0/libraries/cluster-status"
ACCESS, FOLDER = "/api/2.0/permissions/jobs/7", "/api/2.0/repos/7"


@pytest.mark.parametrize(("path", "body", "told"), [
    (LIST, {"jobs": "x"}, "jobs: got a text, expected a list"),
    (LIST, {"jobs": [1]}, r"jobs\[0\]: got a number, expected an object"),
    (LIST, {"jobs": [{"job_id": "x"}]}, r"jobs\[0\]\.job_id: got a text, expected an id"),
    (LIST, {"jobs": [{"settings": {"tags": {"job": []}}}]}, r"jobs\[0\]\.settings\.tags\.job: got a list"),
    (GET, {"settings": {"tasks": [None]}}, r"settings\.tasks\[0\]: got null"),
    (RUN_NOW, {"run_id": None}, "run_id: got null"),
    (GET_RUN, {"state": "RUNNING"}, "state: got a text, expected an object"),
    (GET_RUN, {"tasks": [{"start_time": {}}]}, r"tasks\[0\]\.start_time: got an object"),
    (ACCESS, {"access_control_list": [7]}, r"access_control_list\[0\]: got a number"),
    (ACCESS, {"access_control_list": [{"all_permissions": {}}]}, r"all_permissions: got an object, expected a list"),
    (ME, {"groups": [1]}, r"groups\[0\]: got a number"),
    (STATUSES, {"library_statuses": [{"library": []}]}, r"library_statuses\[0\]\.library: got a list, expected an obj"),
    (STATUSES, {"library_statuses": [{"messages": 7}]}, r"library_statuses\[0\]\.messages: got a number"),
    (FOLDER, {"id": "seven"}, "id: got a text"),
    ("/x", {"next_page_token": ["t"]}, "next_page_token: got a list, expected a text"),
])
def test_a_reply_of_other_types_is_told_with_the_call_and_the_place(path: str, body: dict[str, Any],
                                                                    told: str) -> None:
    reply: Response = json_response(body)
    with serving(lambda _: reply) as service, pytest.raises(errors.NotDatabricks, match=f"{path}: .* 200: '.*{told}"):
        service.client.get(path)


def test_pages_of_one_run_that_go_in_a_circle_are_refused() -> None:
    circle = serving(answer('{"run_id": 7, "tasks": [], "next_page_token": "t"}'))
    with circle as service, pytest.raises(errors.NotDatabricks, match="came twice"):
        whole_run(service.client, 7)


def test_so_are_those_of_one_job_and_those_of_the_list() -> None:
    with serving(answer('{"job_id": 7, "jobs": [], "next_page_token": "t"}')) as service:
        for read in (lambda: read_whole(service.client, FoundJob({"job_id": 7})),
                     lambda: look_up(service.client, [], to_the_end=True)):
            with pytest.raises(errors.NotDatabricks, match="came twice"):
                read()
