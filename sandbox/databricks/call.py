"""One authenticated call: who asks, for what, and the tables that send it to its handler."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.fields import read_body, read_query
from sandbox.databricks.json_body import read_json
from sandbox.databricks.state import WorkspaceState
from sandbox.http.message import Request, Response

_WITH_QUERY = {"GET", "HEAD", "DELETE"}


@dataclass(frozen=True)
class Call:
    state: WorkspaceState
    caller: Principal
    request: Request

    @property
    def now(self) -> float:
        return self.state.clock.now()

    @property
    def is_admin(self) -> bool:
        return self.state.directory.is_admin(self.caller)

    @property
    def identities(self) -> list[Principal]:
        """The caller and every group he is in."""
        return self.state.directory.identities_of(self.caller)

    @property
    def version(self) -> str:
        """Of the API that was called: 2.1 for `/api/2.1/jobs/list`."""
        return self.request.path.split("/")[2]

    def fields(self, endpoint: str, *required: str) -> dict[str, Any]:
        """The request's fields as `endpoint` types them; the JSON body of a GET or DELETE is merged over its query.

        Refused where one of the `required` is missing or empty.
        """
        fields: dict[str, Any] = {}
        if self.request.method in _WITH_QUERY:
            fields = read_query(endpoint, self.request.query, strict=self.state.strict)
        fields |= read_body(endpoint, self.raw_body(), strict=self.state.strict)
        for name in required:
            if not fields.get(name):
                refuse_missing(name)
        return fields

    def raw_body(self) -> dict[str, Any]:
        """The JSON object sent; no body is an empty one. Any content type will do."""
        return read_json(self.request.body)


Handler: TypeAlias = Callable[[Call], "dict[str, Any] | Response"]
Routes: TypeAlias = "list[tuple[str, str, Handler]]"


def routes_below(path: str, handlers: Mapping[str, Handler]) -> Routes:
    """Routes whose paths begin with `path`; the handlers are by method and the rest, such as `POST create`."""
    named = ((key.split(" "), handler) for key, handler in handlers.items())
    return [(method, f"{path}/{rest}", handler) for (method, rest), handler in named]
