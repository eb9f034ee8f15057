"""Whatever is sent, a workspace answers with one of its own refusals."""
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
from tests.sandbox.databricks.conftest import SPEC, Client

_FIELDS = json.loads((Path(sandbox.databricks.__path__[0]) / "data" / "fields.json").read_text("utf-8"))
_NAMES = sorted({name for kind in ("requests", "objects") for fields in _FIELDS[kind].values() for name in fields})
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
                     st.sampled_from(["SINGLE_USER", "PHOTON", "Standard_DS3_v2", "15.4.x-scala2.12", ""]))
_JSON = st.recursive(_SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.sampled_from(_NAMES), st.text(max_size=4)), inner,
                                                 max_size=4)), max_leaves=12)
_OBJECTS = st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=6)
_CALLS = st.sampled_from([
    ("POST", f"2.1/clusters/{action}") for action in ("create", "edit", "update", "resize", "events", "start")
] + [("POST", "2.0/libraries/install"), ("POST", "2.0/libraries/uninstall"), ("GET", "2.1/clusters/list")])


@pytest.fixture(scope="module")
def client() -> Client:
    workspace = Workspace("dev", tenant=Tenant())
    return Client(workspace, workspace.token)


@given(call=_CALLS, body=_OBJECTS, running=st.booleans())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_random_body_never_breaks_a_route(client: Client, call: tuple[str, str], body: dict[str, Any],
                                          running: bool) -> None:
    cluster_id = client.create_running() if running else client.create_terminated()
    base = SPEC if call[1].endswith(("create", "edit")) else {}
    reply = client.ask(*call, {**base, **body, "cluster_id": cluster_id})
    assert reply.status in {200, 400, 403} or reply.code == "INTERNAL_ERROR"
    assert client.state(cluster_id)
    client.libraries(cluster_id)
    client.post("2.1/clusters/permanent-delete", cluster_id=cluster_id)


@given(entries=st.one_of(_JSON, st.lists(_OBJECTS, max_size=3)))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_random_access_control_list_never_breaks_a_route(client: Client, entries: Any) -> None:
    reply = client.ask("PUT", f"2.0/permissions/clusters/{client.create()}", {"access_control_list": entries})
    assert reply.status in {200, 400, 404}
