"""Bodies that the tests of the library post, as models of the unmodified package or as they are."""
from __future__ import annotations

import importlib
from typing import Any

from tests.sandbox.azure_devops.rest.office import Office


def model(area: str, name: str, /, **fields: Any) -> Any:
    """A model of the package: `area` such as `task_agent`."""
    return getattr(importlib.import_module(f"azure.devops.v7_1.{area}.models"), name)(**fields)


def group_body(office: Office, name: str = "keys", **variables: dict[str, Any]) -> Any:
    """A variable group with the secret `key` where no variables are given."""
    given = variables or {"key": {"value": "s3cret", "is_secret": True}, "region": {"value": "west"}}
    project = model("task_agent", "ProjectReference", id=office.project.id, name=office.project.name)
    return model(
        "task_agent", "VariableGroupParameters", name=name, type="Vsts", description="d",
        variables={key: model("task_agent", "VariableValue", **value) for key, value in given.items()},
        variable_group_project_references=[
            model("task_agent", "VariableGroupProjectReference", name=name, project_reference=project)])


def error_of(office: Office, method: str, path: str, person: str = "admin", **rest: Any) -> tuple[int, str]:
    """Status and type of a refused request."""
    answer = office.send(method, path, person, **rest)
    return answer.status_code, answer.json()["typeKey"]
