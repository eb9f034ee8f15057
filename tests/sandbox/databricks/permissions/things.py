"""One object of each family, all made by an admin, and callers without any right on them."""
from __future__ import annotations

import base64
from typing import Any

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from tests.sandbox.databricks.conftest import Client

APPLICATION = "11111111-2222-3333-4444-555555555555"
STRANGER = "stranger@example.test"
NOTEBOOK = "/private/place/notebook"


def user(workspace: Workspace) -> Client:
    """Comes with a personal access token."""
    workspace.add_user(STRANGER)
    return Client(workspace, workspace.add_token(STRANGER))


def service_principal(workspace: Workspace) -> Client:
    """Comes with an Entra token."""
    workspace.add_service_principal(APPLICATION, may_create_clusters=False)
    return Client(workspace, workspace.tenant.sign(DATABRICKS, appid=APPLICATION))


CALLERS = {STRANGER: user, APPLICATION: service_principal}


def make_things(admin: Client) -> dict[str, str]:
    """Their ids, by the names the tables of the tests use."""
    cluster = admin.create_running()
    task = {"task_key": "a", "existing_cluster_id": cluster, "notebook_task": {"notebook_path": NOTEBOOK}}
    job = _made(admin, "2.2/jobs/create", name="job", tasks=[task])["job_id"]
    folder = NOTEBOOK.rpartition("/")[0]
    _made(admin, "2.0/workspace/mkdirs", path=folder)
    _made(admin, "2.0/workspace/import", path=NOTEBOOK, format="SOURCE", language="PYTHON",
          content=base64.b64encode(b"1").decode())
    _made(admin, "2.0/secrets/scopes/create", scope="scope")
    _made(admin, "2.0/secrets/put", scope="scope", key="key", string_value="value")
    return {
        "cluster": cluster, "job": str(job),
        "run": str(_made(admin, "2.2/jobs/run-now", job_id=job)["run_id"]),
        "policy": _made(admin, "2.0/policies/clusters/create", name="policy", definition="{}")["policy_id"],
        "pool": _made(admin, "2.0/instance-pools/create", instance_pool_name="pool",
                      node_type_id="Standard_DS3_v2")["instance_pool_id"],
        "experiment": _made(admin, "2.0/mlflow/experiments/create", name="/private/experiment")["experiment_id"],
        "folder": str(admin.get("2.0/workspace/get-status", path=folder).body["object_id"]),
    }


def filled(value: Any, ids: dict[str, str]) -> Any:
    """With `{cluster}` and the like replaced by ids; `#{job}` becomes a number."""
    if isinstance(value, dict):
        return {key: filled(item, ids) for key, item in value.items()}
    if isinstance(value, str):
        text = value.format(**ids)
        return int(text[1:]) if text.startswith("#") else text
    return value


def _made(admin: Client, route: str, **body: Any) -> dict[str, Any]:
    reply = admin.ask("POST", route, body)
    assert reply.status == 200, reply
    return dict(reply.body)
