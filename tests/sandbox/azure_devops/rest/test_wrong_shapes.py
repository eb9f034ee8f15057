"""Whatever JSON is sent where an object of some shape is wanted: a refusal, never an accident."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.plant import Plant

WRONG: list[Any] = [None, [[]], {"x": {}}, {"x": 1}, "x", 7, True, {"id": [1]}]
FIELDS = {
    "POST build/definitions": ("name", "path", "process", "repository", "queue", "triggers", "variables",
                               "queueStatus", "description"),
    "PUT build/definitions/1": ("id", "revision", "name", "process", "repository", "queue", "triggers", "variables"),
    "POST build/builds": ("definition", "sourceBranch", "sourceVersion", "templateParameters", "parameters"),
    "PATCH build/builds/1": ("status",),
    "POST pipelines": ("name", "folder", "configuration"),
    "POST pipelines/1/runs": ("resources", "templateParameters", "variables", "stagesToSkip", "previewRun"),
    "POST pipelines/1/preview": ("resources", "templateParameters", "variables", "stagesToSkip"),
}


def good(plant: Plant, route: str) -> dict[str, Any]:
    if "definitions" in route:
        found = plant.office.send("GET", "analytics/_apis/build/definitions/1").json()
        return {**found, **({"name": "new"} if route.startswith("POST") else {})}
    if route.endswith("builds"):
        return {"definition": {"id": 1}}
    record = plant.office.project.repositories.record("churn")
    assert record is not None
    repository = {"id": record.id, "type": "azureReposGit"}
    return {"name": "other", "configuration": {"type": "yaml", "path": "x.yml", "repository": repository}}


@pytest.mark.parametrize("route", FIELDS)
def test_any_json_is_answered(plant: Plant, route: str) -> None:
    method, path = route.split(" ")
    sound = good(plant, route)
    # A run that would start is no accident, but takes time.
    plant.commit("steps: [{nothing: 1}]")
    for field in (*FIELDS[route], ""):
        for value in WRONG:
            body = {**sound, field: value} if field else value
            answer = plant.office.send(method, f"analytics/_apis/{path}", json=body)
            assert answer.status_code < 500, (field, value, answer.text)
