"""What is logged to a run comes back."""
from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.conftest import done, mlflow, read_run


def metric(key: str, value: object, step: int = 0, timestamp: int = 1) -> dict[str, Any]:
    return {"key": key, "value": value, "timestamp": timestamp, "step": step}


def data_of(client: Client, run: str) -> dict[str, Any]:
    return dict(read_run(client, run)["data"])


def test_parameters_metrics_and_tags_are_read_back(owner: Client, run: str) -> None:
    done(owner, "runs/log-parameter", run_id=run, key="depth", value="3")
    done(owner, "runs/log-metric", run_id=run, **metric("rmse", 0.5))
    done(owner, "runs/set-tag", run_id=run, key="team", value="risk")
    data = data_of(owner, run)
    assert data["params"] == [{"key": "depth", "value": "3"}]
    assert data["metrics"] == [metric("rmse", 0.5)]
    assert {"key": "team", "value": "risk"} in data["tags"]


def test_a_run_shows_the_metric_of_the_highest_step(owner: Client, run: str) -> None:
    points = [metric("rmse", 3, 2), metric("rmse", 9, 1), metric("rmse", 2, 2, timestamp=0)]
    done(owner, "runs/log-batch", run_id=run, metrics=points)
    assert data_of(owner, run)["metrics"] == [metric("rmse", 3, 2)]


def test_the_history_of_a_metric_has_every_point(owner: Client, run: str) -> None:
    points = [metric("rmse", number, number) for number in range(5)]
    done(owner, "runs/log-batch", run_id=run, metrics=[*points, metric("loss", 1)])
    history = "2.0/mlflow/metrics/get-history"
    assert owner.get(history, run_id=run, metric_key="rmse").body == {"metrics": points}
    first = owner.get(history, run_id=run, metric_key="rmse", max_results="3").body
    rest = owner.get(history, run_id=run, metric_key="rmse", max_results="3", page_token=first["next_page_token"]).body
    assert (first["metrics"], rest) == (points[:3], {"metrics": points[3:]})
    assert owner.get(history, run_id=run, metric_key="no").body == {}


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_a_word(owner: Client, run: str, word: str) -> None:
    done(owner, "runs/log-metric", run_id=run, **metric("rmse", word))
    done(owner, "runs/log-batch", run_id=run, metrics=[metric("loss", word)])
    assert [row["value"] for row in data_of(owner, run)["metrics"]] == [word, word]


def test_a_parameter_is_written_once(owner: Client, run: str) -> None:
    for _ in range(2):
        done(owner, "runs/log-parameter", run_id=run, key="depth", value="3")
    reply = mlflow(owner, "runs/log-parameter", run_id=run, key="depth", value="4")
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert reply.message.startswith("Changing param values is not allowed. Param with key='depth' was already logged")


def test_a_batch_that_is_refused_leaves_nothing(owner: Client, run: str) -> None:
    done(owner, "runs/log-parameter", run_id=run, key="depth", value="3")
    before = read_run(owner, run)
    parameters = [{"key": "new", "value": "1"}, {"key": "depth", "value": "4"}]
    reply = mlflow(owner, "runs/log-batch", run_id=run, params=parameters, metrics=[metric("rmse", 1)])
    assert (reply.status, read_run(owner, run)) == (400, before)


def test_a_tag_is_taken_off(owner: Client, run: str) -> None:
    done(owner, "runs/set-tag", run_id=run, key="team", value="risk")
    done(owner, "runs/delete-tag", run_id=run, key="team")
    assert "team" not in {tag["key"] for tag in data_of(owner, run)["tags"]}
    reply = mlflow(owner, "runs/delete-tag", run_id=run, key="team")
    assert reply.message == f"No tag with name: team in run with id {run}"


def test_the_tag_of_the_name_names_the_run(owner: Client, run: str) -> None:
    done(owner, "runs/set-tag", run_id=run, key="mlflow.runName", value="second")
    assert read_run(owner, run)["info"]["run_name"] == "second"


def test_datasets_and_models_are_inputs_and_outputs(owner: Client, run: str) -> None:
    dataset = {"dataset": {"name": "iris", "digest": "1", "source_type": "local", "source": "{}"},
               "tags": [{"key": "mlflow.data.context", "value": "training"}]}
    for _ in range(2):
        done(owner, "runs/log-inputs", run_id=run, datasets=[dataset], models=[{"model_id": "m-1"}])
        done(owner, "runs/outputs", run_id=run, models=[{"model_id": "m-2", "step": 1}])
    found = read_run(owner, run)
    assert found["inputs"] == {"dataset_inputs": [dataset], "model_inputs": [{"model_id": "m-1"}]}
    assert found["outputs"] == {"model_outputs": [{"model_id": "m-2", "step": 1}]}


def test_logged_models_stand_in_a_tag(owner: Client, run: str) -> None:
    model = {"artifact_path": "model", "flavors": {}, "utc_time_created": "now", "run_id": run}
    for _ in range(2):
        done(owner, "runs/log-model", run_id=run, model_json=json.dumps(model))
    tags = {tag["key"]: tag["value"] for tag in data_of(owner, run)["tags"]}
    assert json.loads(tags["mlflow.log-model.history"]) == [model, model]


def test_somebody_may_have_written_over_that_tag(owner: Client, run: str) -> None:
    done(owner, "runs/set-tag", run_id=run, key="mlflow.log-model.history", value="{")
    model = {"artifact_path": "model", "flavors": {}, "utc_time_created": "now", "run_id": run}
    assert mlflow(owner, "runs/log-model", run_id=run, model_json=json.dumps(model)).status == 200


@pytest.mark.parametrize(("operation", "body", "told"), [
    ("log-metric", {"key": "rmse", "timestamp": 1}, "Missing required field: value"),
    ("log-metric", {"key": "rmse", "value": 1}, "Missing required field: timestamp"),
    ("log-metric", {"value": 1, "timestamp": 1}, "Missing required field: key"),
    ("log-metric", {"key": "rmse", "value": "1", "timestamp": 1}, "value - expected a"),
    ("log-metric", {"key": "../up", "value": 1, "timestamp": 1}, "Invalid name: '../up'"),
    ("log-parameter", {"key": "a\nb", "value": "1"}, "Invalid name"),
    ("log-parameter", {"key": "x" * 251, "value": "1"}, "exceeded length limit of 250"),
    ("log-parameter", {"key": "x", "value": "1" * 6001}, "exceeded length limit of 6000"),
    ("set-tag", {"key": "x", "value": "1" * 8001}, "exceeded length limit of 8000"),
    ("log-batch", {"params": [{"key": str(n), "value": ""} for n in range(101)]}, "at most 100 params"),
    ("log-batch", {"metrics": [metric("m", n) for n in range(901)],
                   "tags": [{"key": str(n), "value": ""} for n in range(100)]}, "at most 1000 metrics, params"),
    ("log-batch", {"metrics": 1}, "metrics - expected a list"),
    ("log-inputs", {"datasets": [{"dataset": {"name": "iris"}}]}, "must have a name and a digest"),
    ("log-model", {"model_json": "["}, "Malformed model info"),
    ("log-model", {"model_json": "{}"}, "missing mandatory fields: artifact_path, flavors"),
])
def test_bad_requests_are_refused(owner: Client, run: str, operation: str, body: dict[str, Any], told: str) -> None:
    reply = mlflow(owner, f"runs/{operation}", run_id=run, **body)
    assert (reply.status, told in reply.message) == (400, True), reply
