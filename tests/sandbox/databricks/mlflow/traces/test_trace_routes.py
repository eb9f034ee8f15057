"""Traces, in the shapes and words that mlflow-skinny 2.22.0 sends and reads."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.mlflow.artifacts.test_artifact_routes import send
from tests.sandbox.databricks.mlflow.conftest import done
from tests.sandbox.databricks.mlflow.test_survival import HOME, restart, start

TRACES = "2.0/mlflow/traces"


def begin(client: Client, experiment_id: str, at: int = 1000, **tags: str) -> str:
    rows = [{"key": key, "value": value} for key, value in tags.items()]
    reply = client.post(TRACES, experiment_id=experiment_id, timestamp_ms=at, tags=rows,
                        request_metadata=[{"key": "mlflow.sourceRun", "value": "r"}])
    assert reply.status == 200, reply
    return str(reply.body["trace_info"]["request_id"])


def end(client: Client, trace: str, at: int = 1500, status: str = "OK") -> Reply:
    return client.ask("PATCH", f"{TRACES}/{trace}", {
        "timestamp_ms": at, "status": status, "tags": [{"key": "c", "value": "d"}],
        "request_metadata": [{"key": "a", "value": "b"}]})


def info(client: Client, trace: str) -> dict[str, Any]:
    reply = client.get(f"{TRACES}/{trace}/info")
    assert reply.status == 200, reply
    return dict(reply.body["trace_info"])


def tags_of(client: Client, trace: str) -> dict[str, str]:
    tags = {row["key"]: row["value"] for row in info(client, trace)["tags"]}
    del tags["mlflow.artifactLocation"]
    return tags


def address(client: Client, trace: str, kind: str) -> str:
    found = client.get(f"{TRACES}/{trace}/credentials-for-data-{kind}").body["credential_info"]
    assert (found["type"], found["path"]) == ("AZURE_SAS_URI", "traces.json")
    return str(found["signed_uri"])


def found(client: Client, experiment_id: str, **query: str) -> list[str]:
    reply = client.get(TRACES, experiment_ids=experiment_id, **query)
    assert reply.status == 200, reply
    return [row["request_id"] for row in reply.body.get("traces", [])]


@pytest.fixture
def trace(owner: Client, experiment: str) -> str:
    return begin(owner, experiment, 1000, **{"mlflow.traceName": "score"})


def test_a_trace_is_told_as_it_was_begun(owner: Client, experiment: str, trace: str) -> None:
    location = f"dbfs:/databricks/mlflow-tracking/{experiment}/{trace}/artifacts"
    assert info(owner, trace) == {
        "request_id": trace, "experiment_id": experiment, "timestamp_ms": 1000, "status": "IN_PROGRESS",
        "request_metadata": [{"key": "mlflow.sourceRun", "value": "r"}],
        "tags": [{"key": "mlflow.traceName", "value": "score"}, {"key": "mlflow.artifactLocation", "value": location}]}


def test_the_end_of_a_trace_adds_to_its_beginning(owner: Client, trace: str) -> None:
    ended = end(owner, trace).body["trace_info"]
    assert (ended, ended["status"], ended["execution_time_ms"]) == (info(owner, trace), "OK", 500)
    assert [row["key"] for row in ended["request_metadata"]] == ["mlflow.sourceRun", "a"]
    assert tags_of(owner, trace) == {"mlflow.traceName": "score", "c": "d"}


def test_spans_are_written_and_read_at_signed_addresses(owner: Client, trace: str) -> None:
    assert send(owner, "GET", address(owner, trace, "download")).status == 404
    assert send(owner, "PUT", address(owner, trace, "upload"), b'{"spans": []}').status == 201
    assert send(owner, "GET", address(owner, trace, "download")).body == b'{"spans": []}'
    assert send(owner, "PUT", address(owner, trace, "download"), b"x").status == 403


def test_no_tag_leads_to_the_files_of_others(owner: Client, trace: str) -> None:
    body = {"key": "mlflow.artifactLocation", "value": "dbfs:/databricks/mlflow-tracking/1/2/artifacts"}
    owner.ask("PATCH", f"{TRACES}/{trace}/tags", body)
    assert f"/{trace}/artifacts/traces.json?" in address(owner, trace, "download")
    assert body not in info(owner, trace)["tags"]


def test_a_tag_is_set_and_taken_away(owner: Client, trace: str) -> None:
    assert owner.ask("PATCH", f"{TRACES}/{trace}/tags", {"key": "k", "value": "v"}).body == {}
    assert tags_of(owner, trace)["k"] == "v"
    assert owner.ask("DELETE", f"{TRACES}/{trace}/tags", {"key": "k"}).body == {}
    assert "k" not in tags_of(owner, trace)
    assert owner.ask("DELETE", f"{TRACES}/{trace}/tags", {"key": "k"}).message == (
        f"No tag with name: k in trace with ID {trace}.")


@pytest.mark.parametrize(("query", "names"), [
    ({}, "cba"), ({"order_by": "timestamp_ms ASC"}, "abc"), ({"filter": "trace.name = 'b'"}, "b"),
    ({"filter": "status = 'OK' AND execution_time_ms > 400"}, "b"), ({"filter": "tags.c = 'd'"}, "b"),
    ({"filter": "attributes.timestamp < 2000"}, "a"), ({"filter": "metadata.a = 'b'"}, "b"),
    ({"filter": "run_id = 'r'", "max_results": "2"}, "cb"), ({"filter": "request_id = 'x'"}, ""),
])
def test_traces_are_searched(owner: Client, experiment: str, query: dict[str, str], names: str) -> None:
    ids = {begin(owner, experiment, at, **{"mlflow.traceName": name}): name
           for name, at in (("a", 1000), ("b", 2000), ("c", 3000))}
    end(owner, list(ids)[1], at=2500)
    assert [ids[one] for one in found(owner, experiment, **query)] == list(names)


def test_traces_of_one_moment_are_told_in_the_order_of_their_ids(owner: Client, experiment: str) -> None:
    made = [begin(owner, experiment, 1) for _ in range(5)]
    assert found(owner, experiment) == sorted(made)


def test_a_search_goes_on_where_its_page_ended(owner: Client, experiment: str) -> None:
    made = [begin(owner, experiment, at) for at in (1, 2, 3)]
    first = owner.get(TRACES, experiment_ids=experiment, max_results="2").body
    rest = owner.get(TRACES, experiment_ids=experiment, max_results="2", page_token=first["next_page_token"]).body
    assert [row["request_id"] for row in (*first["traces"], *rest["traces"])] == made[::-1]
    assert "next_page_token" not in rest


@pytest.mark.parametrize(("query", "told"), [
    ({"max_results": "501"}, "at most 500"), ({"filter": "owner = 'x'"}, "Invalid attribute key 'owner'")])
def test_bad_searches_are_refused(owner: Client, experiment: str, trace: str, query: dict[str, str], told: str) -> None:
    assert trace
    assert told in owner.get(TRACES, experiment_ids=experiment, **query).message


@pytest.mark.parametrize(("fields", "count"), [
    ({"max_timestamp_millis": 2}, 2), ({"max_timestamp_millis": 9, "max_traces": 1}, 1),
    ({"max_timestamp_millis": 0}, 0)])
def test_the_oldest_traces_are_deleted(owner: Client, experiment: str, fields: dict[str, int], count: int) -> None:
    made = [begin(owner, experiment, at) for at in (1, 2, 3)]
    assert owner.post(f"{TRACES}/delete-traces", experiment_id=experiment, **fields).body == {"traces_deleted": count}
    assert found(owner, experiment) == made[count:][::-1]


def test_a_deleted_trace_is_gone_with_its_spans(owner: Client, experiment: str, trace: str) -> None:
    url = address(owner, trace, "upload")
    send(owner, "PUT", url, b"{}")
    other = begin(owner, experiment)
    reply = owner.post(f"{TRACES}/delete-traces", experiment_id=experiment, request_ids=[trace, "tr-0"])
    assert (reply.body, found(owner, experiment)) == ({"traces_deleted": 1}, [other])
    assert send(owner, "GET", url).status == 404
    gone = owner.get(f"{TRACES}/{trace}/info")
    assert (gone.status, gone.message) == (404, f"Trace with ID '{trace}' not found.")


@pytest.mark.parametrize("fields", [{}, {"request_ids": ["a"], "max_timestamp_millis": 1},
                                    {"request_ids": ["a"], "max_traces": 1},
                                    {"max_timestamp_millis": 1, "max_traces": 0}])
def test_what_is_to_be_deleted_is_said_in_one_way(owner: Client, experiment: str, fields: dict[str, Any]) -> None:
    assert owner.post(f"{TRACES}/delete-traces", experiment_id=experiment, **fields).code == "INVALID_PARAMETER_VALUE"


def test_nothing_is_traced_in_a_deleted_experiment(owner: Client, experiment: str) -> None:
    done(owner, "experiments/delete", experiment_id=experiment)
    assert owner.post(TRACES, experiment_id=experiment).code == "INVALID_STATE"


@pytest.mark.parametrize(("level", "reads", "writes"), [
    ("", 403, 403), ("CAN_READ", 200, 403), ("CAN_EDIT", 200, 200)])
def test_rights_are_those_on_the_experiment(
        owner: Client, stranger: Client, experiment: str, trace: str, level: str, reads: int, writes: int) -> None:
    entry = {"user_name": "stranger@example.test", "permission_level": level}
    owner.ask("PATCH", f"2.0/permissions/experiments/{experiment}", {"access_control_list": [entry] if level else []})
    query = {"info": reads, "credentials-for-data-download": reads, "credentials-for-data-upload": writes}
    assert {path: stranger.get(f"{TRACES}/{trace}/{path}").status for path in query} == query
    replies = [stranger.post(TRACES, experiment_id=experiment), end(stranger, trace),
               *(stranger.ask(method, f"{TRACES}/{trace}/tags", {"key": "k"}) for method in ("PATCH", "DELETE")),
               stranger.post(f"{TRACES}/delete-traces", experiment_id=experiment, request_ids=[trace])]
    assert [reply.status for reply in replies] == [writes] * 5
    assert stranger.get(TRACES, experiment_ids=experiment).status == reads


def test_the_newest_form_is_refused_by_name(owner: Client, trace: str) -> None:
    """The client asks for it first and goes on without it."""
    assert owner.get(f"{TRACES}/{trace}").status == 501


def test_traces_are_there_after_a_restart(tmp_path: Path) -> None:
    client = start(tmp_path)
    experiment = str(done(client, "experiments/create", name=f"{HOME}/churn")["experiment_id"])
    kept, gone = begin(client, experiment), begin(client, experiment, 1)
    end(client, kept)
    client.ask("PATCH", f"{TRACES}/{kept}/tags", {"key": "k", "value": "v"})
    client.post(f"{TRACES}/delete-traces", experiment_id=experiment, request_ids=[gone])
    before = info(client, kept)
    client = restart(client, tmp_path)
    assert (info(client, kept), found(client, experiment)) == (before, [kept])
