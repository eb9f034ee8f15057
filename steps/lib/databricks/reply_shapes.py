"""What the steps rely on in the replies of a workspace, by call; the rest of a reply may be as it likes.

https://docs.databricks.com/api/azure/workspace/introduction
"""
from __future__ import annotations

from steps.lib.http.shapes import ANY, Kind, Shape

_TEXTS = {ANY: Kind.TEXT}
_CLUSTER = {"cluster_id": Kind.TEXT, "custom_tags": {}, "state": Kind.TEXT}
_SETTINGS = {
    "name": Kind.TEXT, "tags": _TEXTS, "run_as": _TEXTS, "queue": {}, "job_clusters": [{"new_cluster": {}}],
    "tasks": [{"new_cluster": {}}], "parameters": [{}], "environments": [{}],
}
_JOB = {"job_id": Kind.ID, "settings": _SETTINGS, "run_as_user_name": Kind.TEXT}
_TASK = {
    "run_id": Kind.ID, "attempt_number": Kind.NUMBER, "start_time": Kind.NUMBER, "end_time": Kind.NUMBER,
    "state": {}, "status": {"termination_details": {}},
}
_GIT_FOLDER = {"id": Kind.ID, "path": Kind.TEXT, "url": Kind.TEXT, "branch": Kind.TEXT, "head_commit_id": Kind.TEXT}
_ACCESS: Shape = {"access_control_list": [{"all_permissions": [{}]}]}
_ME: Shape = {"groups": [{}]}

_SHAPES: dict[str, Shape] = {
    "/api/2.0/preview/scim/v2/Me": _ME,
    "/api/2.0/libraries/cluster-status": {"library_statuses": [{"library": {}, "messages": [Kind.TEXT]}]},
    "/api/2.0/git-credentials": {"credentials": [{"credential_id": Kind.ID}]},
    "/api/2.0/repos": _GIT_FOLDER,
    "/api/2.0/workspace/get-status": {"object_id": Kind.ID},
    "/api/2.1/clusters/get": _CLUSTER,
    "/api/2.1/clusters/list": {"clusters": [_CLUSTER]},
    "/api/2.2/jobs/create": {"job_id": Kind.ID},
    "/api/2.2/jobs/get": _JOB,
    "/api/2.2/jobs/list": {"jobs": [_JOB]},
    "/api/2.2/jobs/run-now": {"run_id": Kind.ID},
    "/api/2.2/jobs/runs/get": {**_TASK, "tasks": [_TASK]},
    "/api/2.2/jobs/runs/get-output": {"notebook_output": {}},
    "/api/2.2/jobs/runs/list": {"runs": [{"tasks": [{}]}]},
}
# Those whose address ends with an id.
_SHAPES_OF_ONE: dict[str, Shape] = {
    "/api/2.0/permissions/clusters": _ACCESS,
    "/api/2.0/permissions/jobs": _ACCESS,
    "/api/2.0/repos": _GIT_FOLDER,
}
_PAGED: Shape = {"next_page_token": Kind.TEXT}


def shapes_of(path: str) -> tuple[Shape, ...]:
    """Everything that the reply to a call of `path` has to be."""
    shape = _SHAPES.get(path) or _SHAPES_OF_ONE.get(path.rpartition("/")[0], {})
    return (_PAGED, shape)
