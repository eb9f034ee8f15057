"""Whatever is sent about jobs and runs, a workspace answers with one of its own refusals."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sandbox.databricks
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, job, task
from tests.sandbox.databricks.runs.driving import finish, start

_TEXTS = st.one_of(st.text(max_size=5), st.sampled_from([
    "a", "train", "/x", "0 0 6 * * ?", "UTC", "tasks/train", "gitHub", "15.4.x-scala2.12", "Standard_DS3_v2"]))
_SCALARS = {"str": _TEXTS, "int": st.one_of(st.integers(-2, 9), st.integers()), "bool": st.booleans(),
            "number": st.floats(allow_nan=False), "map": st.dictionaries(_TEXTS, _TEXTS, max_size=3)}


def _catalogue() -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {"requests": {}, "objects": {}, "enums": {}}
    for path in (Path(sandbox.databricks.__path__[0]) / "data").glob("*fields.json"):
        for kind, rows in json.loads(path.read_text("utf-8")).items():
            merged.get(kind, {}).update(rows if isinstance(rows, dict) else {})
    return merged


_FIELDS = _catalogue()


def of_kind(kind: str, depth: int = 3) -> st.SearchStrategy[Any]:
    """Values of the right type, and now and then of a wrong one."""
    if kind.endswith("[]"):
        return st.lists(of_kind(kind[:-2], depth), max_size=2)
    if kind in _SCALARS:
        return st.one_of(_SCALARS[kind], _SCALARS[kind], _SCALARS[kind], st.none(), st.just([]))
    if kind in _FIELDS["enums"]:
        return st.sampled_from([*_FIELDS["enums"][kind], "OTHER"])
    return of_fields(_FIELDS["objects"][kind] if depth else {}, depth - 1)


def of_fields(fields: dict[str, str], depth: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    if not fields:
        return st.just({})
    names = st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: of_kind(fields[name], depth) for name in chosen}))


_BODIES = of_fields(_FIELDS["requests"]["jobs/create 2.0"])
_TASKS = st.lists(of_fields(_FIELDS["objects"]["Task"]), max_size=2)
_RUNS = ("get", "get-output", "export", "list", "cancel", "cancel-all", "delete", "repair")


@pytest.fixture(scope="module")
def client() -> Client:
    workspace = Workspace("dev", tenant=Tenant())
    return Client(workspace, workspace.token)


@given(body=_BODIES, tasks=_TASKS, version=st.sampled_from(["2.0", "2.1", "2.2"]), well=st.booleans())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_random_settings_never_break_a_route(client: Client, body: dict[str, Any], tasks: list[dict[str, Any]],
                                             version: str, well: bool) -> None:
    body = {**body, "tasks": [{**task(), **row} for row in tasks] if well else tasks}
    reply = client.post(f"{version}/jobs/create", **body)
    assert reply.status in {200, 400, 403, 404}, reply
    if reply.status == 200:
        assert client.get(f"{version}/jobs/get", job_id=str(reply.body["job_id"])).status == 200
        assert client.post(f"{version}/jobs/run-now", job_id=reply.body["job_id"]).status in {200, 400, 409, 501}
    assert client.get(f"{version}/jobs/list").status == 200
    assert client.get(f"{version}/jobs/runs/list", expand_tasks="true").status == 200


@given(new=_BODIES, remove=st.lists(st.sampled_from([*_FIELDS["objects"]["JobSettings"], "a/b", "tasks/train"]),
                                    max_size=3))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_random_update_never_breaks_a_job(client: Client, new: dict[str, Any], remove: list[str]) -> None:
    job_id = create_job(client)
    body = {"job_id": job_id, "new_settings": new, "fields_to_remove": remove}
    assert client.post("2.2/jobs/update", **body).status in {200, 400, 403, 404}
    assert client.get("2.2/jobs/get", job_id=str(job_id)).status == 200


@given(request=st.sampled_from(_RUNS).flatmap(lambda action: st.tuples(
    st.just(action), of_fields(_FIELDS["requests"][f"jobs/runs/{action}"]))), over=st.booleans())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_random_request_never_breaks_a_run(client: Client, request: tuple[str, dict[str, Any]], over: bool) -> None:
    action, body = request
    run_id = start(client, create_job(client))
    if over:
        finish(client, run_id)
    method = "GET" if action in _RUNS[:4] else "POST"
    assert client.ask(method, f"2.2/jobs/runs/{action}", {**body, "run_id": run_id}).status in {200, 400, 403, 404}
    assert client.get("2.2/jobs/runs/list").status == 200


@given(body=_BODIES)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_random_submit_never_breaks_the_list(client: Client, body: dict[str, Any]) -> None:
    reply = client.post("2.0/jobs/runs/submit", **{**job(), **body})
    assert reply.status in {200, 400, 403, 404, 501}, reply
    assert client.get("2.2/jobs/runs/list", expand_tasks="true").status == 200


_HUGE = 10**400


@pytest.mark.parametrize("changes", [
    {"timeout_seconds": _HUGE}, {"max_concurrent_runs": _HUGE}, {"max_concurrent_runs": -_HUGE},
    {"tasks": [task(timeout_seconds=_HUGE)]}, {"tasks": [task(timeout_seconds=-1)]},
    {"tasks": [task(max_retries=_HUGE)]}, {"tasks": [task(max_retries=-2)]},
    {"tasks": [task(max_retries=1, min_retry_interval_millis=_HUGE)]},
    {"tasks": [task(max_retries=1, min_retry_interval_millis=-1)]},
    {"schedule": {"quartz_cron_expression": "0 0 6 * * ?" * 10_000, "timezone_id": "UTC"}},
    {"name": ["x"]}, {"tasks": {}}, {"tasks": [[]]}, {"tasks": "x"}, {"tags": {"a": 1}}, {"queue": True},
    {"schedule": "0 0 6 * * ?"}, {"new_cluster": []}, {"tasks": [task(depends_on=["a"])]},
])
def test_senseless_value_is_refused(client: Client, changes: dict[str, Any]) -> None:
    reply = client.post("2.0/jobs/create", **job(**changes))
    assert (reply.status, reply.code in {"INVALID_PARAMETER_VALUE", "MALFORMED_REQUEST"}) == (400, True), reply


@pytest.mark.parametrize("path", ["jobs/list", "jobs/runs/list"])
@pytest.mark.parametrize("query", [
    {"limit": "-1"}, {"limit": "1e3"}, {"limit": " 1"}, {"limit": str(_HUGE)}, {"offset": "-1"}, {"offset": "x"},
    {"page_token": "\0"}, {"expand_tasks": "yes"}, {"limit": "true"}, {"offset": "99999999999999999999"},
], ids=str)
def test_senseless_page_is_refused(client: Client, path: str, query: dict[str, str]) -> None:
    assert client.get(f"2.2/{path}", **query).status == 400


@pytest.mark.parametrize("job_id", ["x", -1, 0, _HUGE, 1.5, True, [], {}, None], ids=lambda value: str(value)[:9])
@pytest.mark.parametrize("path", ["jobs/get", "jobs/runs/list", "jobs/run-now", "jobs/delete", "jobs/runs/cancel-all"])
def test_senseless_id_is_refused(client: Client, path: str, job_id: object) -> None:
    method = "GET" if path.endswith(("get", "list")) else "POST"
    reply = client.ask(method, f"2.2/{path}", {"job_id": job_id})
    # Without a job, runs of all jobs are listed.
    assert reply.status == (200 if path == "jobs/runs/list" and job_id is None else 400), reply


@pytest.mark.parametrize("depth", [2, 50, 150, 400])
def test_loops_in_loops_are_refused_however_deep(client: Client, depth: int) -> None:
    body = task()
    for _ in range(depth):
        body = {"task_key": "loop", "for_each_task": {"inputs": "[]", "task": body}}
    assert client.post("2.2/jobs/create", tasks=[body]).status == 400
