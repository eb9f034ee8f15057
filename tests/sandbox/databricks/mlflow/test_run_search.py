"""Searching runs by what was logged to them, as clients use it."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.conftest import done, mlflow, start_run


def tag(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value}


@pytest.fixture
def runs(owner: Client, experiment: str) -> str:
    """The id of an experiment with three runs: `one` to `three`, in the order of their start."""
    for number, name in enumerate(("one", "two", "three"), start=1):
        run = start_run(owner, experiment, start_time=number, run_name=name, tags=[tag("team", f"t{number}")])
        metrics = [{"key": "rmse", "value": number / 2, "timestamp": 1}, *(
            [{"key": "val.loss", "value": number, "timestamp": 1}] if number > 1 else [])]
        done(owner, "runs/log-batch", run_id=run, params=[tag("depth", str(number))], metrics=metrics)
    done(owner, "runs/update", run_id=run, status="FINISHED", end_time=7)
    return experiment


def names(client: Client, experiment: str, **fields: Any) -> list[str]:
    rows = done(client, "runs/search", experiment_ids=[experiment], **fields).get("runs", [])
    return [row["info"]["run_name"] for row in rows]


@pytest.mark.parametrize(("text", "found"), [
    ("", ["three", "two", "one"]), ("metrics.rmse < 1", ["one"]), ("metrics.rmse <= 1.0", ["two", "one"]),
    ("metrics.rmse >= 1 and metrics.rmse != 1", ["three"]), ("metric.`rmse` = 5e-1", ["one"]),
    ("metrics.val.loss > 0", ["three", "two"]), ("params.depth = '2'", ["two"]), ('parameter."depth" = "2"', ["two"]),
    ("tags.team = 't1'", ["one"]), ("tags.team LIKE 't_'", ["three", "two", "one"]), ("tags.team ILIKE 'T1'", ["one"]),
    ("tags.`mlflow.runName` = 'two'", ["two"]), ("attributes.status = 'FINISHED'", ["three"]),
    ("status != 'FINISHED'", ["two", "one"]), ("attribute.run_name IN ('one', 'three')", ["three", "one"]),
    ("run_name NOT IN ('one')", ["three", "two"]), ("attributes.start_time > 1", ["three", "two"]),
    ("attributes.end_time = 7", ["three"]), ("params.no != 'x'", []), ("metrics.no != 1", []),
    ("params.depth > '1' ", None), ("params.depth = 2", []), ("tags.team = 't1' or tags.team = 't2'", None),
])
def test_a_filter_finds(owner: Client, runs: str, text: str, found: list[str] | None) -> None:
    reply = mlflow(owner, "runs/search", experiment_ids=[runs], filter=text)
    assert (reply.status == 400) == (found is None)
    if found is not None:
        assert [row["info"]["run_name"] for row in reply.body.get("runs", [])] == found


@pytest.mark.parametrize(("clauses", "found"), [
    (["metrics.rmse"], ["one", "two", "three"]), (["metrics.rmse DESC"], ["three", "two", "one"]),
    (["metrics.`val.loss` ASC"], ["two", "three", "one"]), (["metrics.val.loss DESC"], ["three", "two", "one"]),
    (["params.depth ASC"], ["one", "two", "three"]), (["attributes.status", "start_time ASC"], ["three", "one", "two"]),
])
def test_an_order_is_kept(owner: Client, runs: str, clauses: list[str], found: list[str]) -> None:
    assert names(owner, runs, order_by=clauses) == found


def test_runs_are_read_in_pages(owner: Client, runs: str) -> None:
    first = done(owner, "runs/search", experiment_ids=[runs], max_results=2)
    rest = done(owner, "runs/search", experiment_ids=[runs], max_results=2, page_token=first["next_page_token"])
    assert [len(page["runs"]) for page in (first, rest)] == [2, 1]
    assert "next_page_token" not in rest


def test_a_view_shows_the_deleted_ones(owner: Client, runs: str) -> None:
    run = done(owner, "runs/search", experiment_ids=[runs], filter="run_name = 'one'")["runs"][0]["info"]["run_id"]
    done(owner, "runs/delete", run_id=run)
    assert names(owner, runs) == ["three", "two"]
    assert names(owner, runs, run_view_type="DELETED_ONLY") == ["one"]
    assert names(owner, runs, run_view_type="ALL") == ["three", "two", "one"]


def test_a_run_is_found_by_its_dataset(owner: Client, experiment: str) -> None:
    run = start_run(owner, experiment, run_name="with data")
    start_run(owner, experiment, run_name="without")
    row = {"dataset": {"name": "iris", "digest": "1", "source_type": "local", "source": "{}"},
           "tags": [tag("mlflow.data.context", "train")]}
    done(owner, "runs/log-inputs", run_id=run, datasets=[row])
    for text in ("dataset.name = 'iris'", "datasets.context LIKE 'tr%'", "dataset.digest IN ('1', '2')"):
        assert names(owner, experiment, filter=text) == ["with data"]


def test_a_search_without_experiments_finds_nothing(owner: Client, runs: str) -> None:
    assert runs
    assert done(owner, "runs/search", filter="metrics.rmse < 9") == {}


def test_an_experiment_that_is_not_there_is_named(owner: Client) -> None:
    reply = mlflow(owner, "runs/search", experiment_ids=["17"])
    assert (reply.code, reply.message) == ("INVALID_PARAMETER_VALUE", "Experiment with id '17' does not exist.")


@pytest.mark.parametrize("text", [
    "metrics.rmse", "metrics. < 1", "nothing.x = 'y'", "tags.x = y", "tags.x IN ()", "tags.x IN ('a' 'b')", "(",
    "a.b.c.", "tags.x = 'a' tags.y = 'b'", "tags.x NOT 'a'", "dataset.x = 'a'", "attributes.x = 'a'", "= 'a'",
    "tags.x LIKE 1", "tags.x LIKE '" + "%" * 501 + "'", "name = '" + "x" * 50_001 + "'", "\0", "metrics.rmse < 1e",
    "metrics.rmse < 'a'",
])
def test_what_is_no_filter_is_refused(owner: Client, runs: str, text: str) -> None:
    reply = mlflow(owner, "runs/search", experiment_ids=[runs], filter=text)
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
