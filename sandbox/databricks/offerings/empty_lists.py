"""Lists of what a workspace here has none of, and clients ask for at their start.

Instance profiles are of AWS alone; pipelines and SQL warehouses are not modelled. Any other of their routes is unknown.
"""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes

_LISTS = {"instance-profiles/list": ("instance-profiles/list", "instance_profiles"),
          "pipelines": ("pipelines/list", "statuses"),
          # dbx ends the path so: https://github.com/databrickslabs/dbx/blob/v0.8.19/dbx/api/services/pipelines.py
          "pipelines/": ("pipelines/list", "statuses"),
          "sql/warehouses": ("sql/warehouses/list", "warehouses")}


def empty_list_routes() -> Routes:
    return [("GET", f"/api/2.0/{path}", _empty(endpoint, name)) for path, (endpoint, name) in _LISTS.items()]


def _empty(endpoint: str, name: str) -> Handler:
    def answer(call: Call) -> dict[str, Any]:
        call.fields(endpoint)
        return {name: []}

    return answer
