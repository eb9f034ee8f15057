"""A workspace with something of everything in it, and what it told of that by name: what random requests ask about."""
from __future__ import annotations

import base64
import io
import re
from typing import Any

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.message import Headers, Request, Response
from sandbox.http.request_head import RequestHead
from tests.sandbox.databricks.conftest import SPEC, Client

_NOTEBOOK = base64.b64encode(b"# Databricks notebook source\nprint(1)").decode()
_TASK = {"task_key": "a", "notebook_task": {"notebook_path": "/Shared/n"}, "new_cluster": SPEC}
_BEGINNINGS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "2.1/clusters/create", SPEC),
    ("POST", "2.0/workspace/import",
     {"path": "/Shared/n", "format": "SOURCE", "language": "PYTHON", "content": _NOTEBOOK}),
    ("POST", "2.2/jobs/create", {"name": "j", "tasks": [_TASK]}),
    ("POST", "2.2/jobs/runs/submit", {"run_name": "r", "tasks": [_TASK]}),
    ("GET", "2.2/jobs/list", {"expand_tasks": True}),
    *[("GET", "2.2/jobs/runs/list", {"expand_tasks": True})] * 5,
    *[("GET", "2.1/clusters/list", {})] * 2,
    ("POST", "2.0/secrets/scopes/create", {"scope": "scope"}), ("GET", "2.0/secrets/scopes/list", {}),
    ("POST", "2.0/secrets/put", {"scope": "scope", "key": "key", "string_value": "v"}),
    ("POST", "2.0/git-credentials", {"git_provider": "gitHub", "git_username": "u", "personal_access_token": "t"}),
    ("POST", "2.0/token/create", {"comment": "c"}),
    ("POST", "2.0/policies/clusters/create", {"name": "p", "definition": "{}"}),
    ("POST", "2.0/instance-pools/create", {"instance_pool_name": "p", "node_type_id": SPEC["node_type_id"]}),
    ("POST", "2.0/mlflow/experiments/create", {"name": "/Shared/e"}),
    ("GET", "2.0/mlflow/experiments/search", {"max_results": 10}),
    ("POST", "2.0/mlflow/runs/create", {"experiment_id": "{experiment_id}"}),
    ("POST", "2.0/mlflow/registered-models/create", {"name": "m"}),
    ("POST", "2.0/mlflow/model-versions/create", {"name": "m", "source": "dbfs:/m"}),
    ("POST", "2.1/unity-catalog/models", {"name": "m", "catalog_name": "main", "schema_name": "default"}),
    ("POST", "2.0/dbfs/put", {"path": "/f", "contents": "eA=="}), ("POST", "2.0/dbfs/create", {"path": "/g"}),
    ("POST", "1.2/contexts/create", {"clusterId": "x", "language": "python"}),
    ("POST", "2.0/preview/scim/v2/Groups", {"displayName": "g"}), ("GET", "2.0/preview/scim/v2/Users", {}),
    ("GET", "2.0/preview/scim/v2/Groups", {}), ("GET", "2.0/preview/scim/v2/ServicePrincipals", {}),
    ("GET", "2.0/workspace/list", {"path": "/"}), ("GET", "2.0/token/list", {}),
]

_CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "2.1/clusters/edit", SPEC), ("POST", "2.1/clusters/resize", {"num_workers": 3}),
    ("POST", "2.1/clusters/update", {"update_mask": "num_workers", "cluster": {"num_workers": 3}}),
    ("POST", "2.2/jobs/reset", {"new_settings": {"name": "k", "tasks": [_TASK]}}),
    ("POST", "2.2/jobs/runs/repair", {"rerun_tasks": ["a"]}),
    ("POST", "2.0/policies/clusters/edit", {"name": "q", "definition": "{}"}),
    ("POST", "2.0/secrets/acls/put", {"scope": "scope", "principal": "users", "permission": "READ"}),
    ("POST", "2.0/libraries/install", {"libraries": [{"pypi": {"package": "x"}}]}),
    ("POST", "2.0/libraries/uninstall", {"libraries": [{"pypi": {"package": "x"}}]}),
]
_VERSION = re.compile(r"^/api/[\d.]+")


class Target:
    """A workspace with something of everything in it, and what it told of that, by name."""

    def __init__(self) -> None:
        clock = FakeClock()
        self.workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock)
        self.workspace.add_user("nobody@example.test")
        self.workspace.add_service_principal("11111111-2222-3333-4444-555555555555")
        self.tokens = [self.workspace.token, self.workspace.add_token("nobody@example.test")]
        self.told: dict[str, list[Any]] = {
            "kind": ["clusters", "jobs", "notebooks", "directories"], "user_name": ["nobody@example.test"],
            "group_name": ["admins", "users"], "principal": ["users"], "provider": ["gitHub"],
            "url": ["http://127.0.0.1:9/x.git"], "path": ["/Shared/n", "/Shared"]}
        admin = Client(self.workspace, self.workspace.token)
        for method, path, body in _BEGINNINGS:
            asked = {name: self._latest(value) for name, value in body.items()}
            self._learn([asked, admin.ask(method, path, asked).body])

    def ask(self, method: str, target: str, body: bytes, who: int) -> Response:
        """`target` as it stands in a request line; `who` is 0 for the admin."""
        path, _, query = target.partition("?")
        request = Request(method, path, target, {}, Headers([("Authorization", f"Bearer {self.tokens[who]}")]),
                          io.BytesIO(body))
        request.path, request.query = _decoded(path, query)
        return self.workspace.application(request)

    def _latest(self, value: Any) -> Any:
        """What was told last under a name in braces."""
        name = value[1:-1] if isinstance(value, str) and value.startswith("{") else ""
        return self.told[name][-1] if name in self.told else value

    def _learn(self, told: object) -> None:
        if isinstance(told, list):
            for inner in told:
                self._learn(inner)
        for name, value in told.items() if isinstance(told, dict) else ():
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                self.told.setdefault(name, []).append(value)
            self._learn(value)


def _decoded(path: str, query: str) -> tuple[str, dict[str, list[str]]]:
    head = RequestHead("GET", f"{path}?{query}", "HTTP/1.1", Headers())
    return head.path, head.query


def usual(method: str, path: str) -> dict[str, Any]:
    """Fields with which the route often succeeds, where some are known; those of another version will do."""
    asked = (method, _VERSION.sub("", path))
    for known, end, body in [*_BEGINNINGS, *_CHANGES]:
        if (known, _VERSION.sub("", f"/api/{end}")) == asked:
            return dict(body)
    return {}
