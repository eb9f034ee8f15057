"""No body, however odd, is answered with a fault of ours: files, Git folders, credentials and secrets."""
from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.message import Headers, Request, RequestRefusedError
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.workspace_files.conftest import Files

FIELDS: dict[str, dict[str, Any]] = {
    "POST workspace/mkdirs": {"path": "/Shared/a"}, "POST workspace/delete": {"path": "/Shared/a", "recursive": True},
    "POST workspace/import": {"path": "/Shared/x", "content": "eA==", "format": "AUTO", "language": "PYTHON"},
    "GET workspace/list": {"path": "/", "notebooks_modified_after": 1}, "GET workspace/get-status": {"path": "/"},
    "GET workspace/export": {"path": "/Shared/x", "format": "SOURCE", "direct_download": True},
    "POST workspace-files/import-file/Shared/a": {"overwrite": True}, "GET workspace-files/Shared": {},
    "POST repos": {"url": "ftp://x", "provider": "gitHub", "path": "/Repos/a/b", "sparse_checkout": {"patterns": []}},
    "GET repos": {"path_prefix": "/", "next_page_token": "1"}, "GET repos/1": {}, "DELETE repos/1": {},
    "PATCH repos/1": {"branch": "main", "tag": "x"},
    "POST git-credentials": {"git_provider": "gitHub", "personal_access_token": "x", "principal_id": 1},
    "GET git-credentials": {"principal_id": 1}, "PATCH git-credentials/1": {"git_provider": "gitHub"},
    "DELETE git-credentials/1": {}, "POST secrets/scopes/create": {"scope": "a"}, "GET secrets/scopes/list": {},
    "POST secrets/put": {"scope": "a", "key": "b", "string_value": "c", "bytes_value": "YQ=="},
    "GET secrets/get": {"scope": "a", "key": "b"}, "GET secrets/list": {"scope": "a"},
    "POST secrets/acls/put": {"scope": "a", "principal": "users", "permission": "READ"},
    "GET secrets/acls/get": {"scope": "a", "principal": "users"}, "GET secrets/acls/list": {"scope": "a"},
    "POST secrets/acls/delete": {"scope": "a", "principal": "users"}, "POST secrets/delete": {"scope": "a", "key": "b"},
    "POST secrets/scopes/delete": {"scope": "a"},
}
BROKEN = [b"PK\x05\x06" + b"\0" * 18, b'{"cells": []}', b'{"cells": [1]}', b'{"cells": [{"cell_type": 1}]}',
          b'{"version": "NotebookV1", "language": "python", "commands": [{"command": 1, "position": "x"}]}',
          b"__DATABRICKS_NOTEBOOK_MODEL = '" + b"e30=" * 3 + b"'", b"---\n---\n```{r}\nx\n", b"[" * 5000]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30),
    st.sampled_from(["/", "/..", "/Shared/../x", "/\0", "/Shared/" + "x" * 300, "/Repos/a/b/c", "/Users", "%2f",
                     "/Shared/train.py", "'; drop table", "--help"]),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2))


@pytest.fixture(scope="module")
def shared() -> Workspace:
    clock = FakeClock()
    return Workspace("dev", tenant=Tenant(clock=clock), clock=clock)


def ask(workspace: Workspace, route: str, body: bytes, kind: str = "application/json") -> int:
    method, path = route.split()
    headers = Headers([("Authorization", f"Bearer {workspace.token}"), ("Content-Type", kind)])
    try:
        return workspace.application(Request(method, f"/api/2.0/{path}", headers=headers,
                                             body_stream=io.BytesIO(body))).status
    except RequestRefusedError as refusal:
        return refusal.status


@pytest.mark.parametrize("route", FIELDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_odd_fields_are_no_fault_of_ours(shared: Workspace, route: str, data: st.DataObject) -> None:
    changed = data.draw(st.dictionaries(st.sampled_from([*FIELDS[route], "other"]), ODD))
    status = ask(shared, route, json.dumps({**FIELDS[route], **changed}).encode("utf-8", "surrogatepass"))
    assert status < 500 or status == 501


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200), boundary=st.sampled_from(["x", '"x"', "", "y" * 100]))
def test_odd_forms_are_no_fault_of_ours(shared: Workspace, body: bytes, boundary: str) -> None:
    for content in (body, b"--x\r\n" + body + b"\r\n--x--\r\n"):
        status = ask(shared, "POST workspace/import", content, f"multipart/form-data; boundary={boundary}")
        assert 400 <= status < 500


CELLS = st.lists(st.sampled_from([
    "print(1)", "# COMMAND ----------", "# MAGIC %md x", "# MAGIC %python", "%md", "%sql select 1", "```{r}", "```", "",
    "---", "# DBTITLE 1,x", "\u00e4\U0001f40d", "\r", "\x00", "'; var __DATABRICKS_NOTEBOOK_MODEL = ''", "</script>"]),
    max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["DBC", "HTML", "JUPYTER", "R_MARKDOWN", "SOURCE", "AUTO", "RAW"]),
       content=st.one_of(st.binary(max_size=100), st.sampled_from(BROKEN)),
       name=st.sampled_from(["x", "x.py", "x.ipynb", "x.dbc"]))
def test_odd_contents_are_no_fault_of_ours(shared: Workspace, kind: str, content: bytes, name: str) -> None:
    body = {"path": f"/Shared/{name}", "format": kind, "content": base64.b64encode(content).decode()}
    for extra in ({}, {"language": "R"}, {"overwrite": True}):
        status = ask(shared, "POST workspace/import", json.dumps({**body, **extra}).encode())
        assert status < 500 or status == 501


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=CELLS, kind=st.sampled_from(["HTML", "DBC", "R_MARKDOWN", "JUPYTER"]))
def test_any_notebook_is_exported_and_taken_back(shared: Workspace, lines: list[str], kind: str) -> None:
    files = Files(Client(shared, shared.token))
    files.put("/Shared/n", "\n".join(lines), format="SOURCE", language="R", overwrite=True)
    reply = files.get("export", "/Shared/n", format=kind)
    assert reply.status == 200
    files.post("delete", "/Shared/back")
    assert files.post("import", "/Shared/back", format=kind, content=reply.body["content"]).status == 200
