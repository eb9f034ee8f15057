"""The client of an Azure DevOps organization, on the unmodified package `azure-devops` with its traps disarmed.

Which trap is dealt with where: fields that the package's models do not know and drop (path of a pipeline, settings of
a check, template parameters that are no text) go out whole through `send`; lists come whole through `pages`, for the
package forgets continuation tokens, and through `windows`, where there are none; `escaped` is for the query values
that it does not escape; how it sends, repeats, caches and takes a sign-in page for data is replaced in `package` and
`exchange`.
"""
from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import requests

from steps.lib.azure_devops import errors
from steps.lib.azure_devops.escapes import escaped, escaped_query, escaped_route
from steps.lib.azure_devops.exchange import Exchange, writes_repeatable
from steps.lib.azure_devops.package import open_package, package_errors
from steps.lib.azure_devops.reply_shapes import shape_of
from steps.lib.http.fields import Fields
from steps.lib.http.shapes import mismatch

__all__ = ["AzureDevOps", "escaped"]

T = TypeVar("T")
_MORE = "x-ms-continuationtoken"
_NOTHING: Mapping[str, Any] = {}
_REPEATABLE_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
_KIND = re.compile(r"[a-z][a-z_]*")


class AzureDevOps:
    """One organization, for any number of threads. Every method raises an `AzureDevOpsError` where it refuses.

    `url` is the address of the organization, without a slash at its end.
    """

    def __init__(self, url: str, exchange: Exchange) -> None:
        self.url = url
        self._exchange = exchange
        self._package: Any = None
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, kind: str) -> Any:  # noqa: ANN401 - the package has no types
        """The package's client of version 7.1 for `kind`: "git", "build", "task_agent", "pipelines_checks" …

        Hand its methods to `call`.
        """
        with self._lock:
            if kind not in self._clients:
                self._clients[kind] = self._made(kind)
            return self._clients[kind]

    def call(self, method: Callable[..., T], *args: object, repeatable: bool, **kwargs: object) -> T:
        """What `method` of one of the clients gives.

        `repeatable`: the same call twice does no more than once, so it may be sent again after a lost reply. Reading
        always may. A list that is empty comes as None from some methods.
        """
        with writes_repeatable(repeatable), self._reading(getattr(method, "__name__", "call")):
            return method(*args, **kwargs)

    def send(self, http_method: str, location_id: str, *, version: str = "7.1",
             route: Mapping[str, str] = _NOTHING, query: Mapping[str, object] = _NOTHING, body: object = None,
             repeatable: bool | None = None) -> Any:  # noqa: ANN401 - the JSON of a reply
        """The JSON that the API at `location_id` answers with, empty where it answers nothing; nothing is dropped.

        `route` fills the placeholders of its address; values of `route` and `query` are escaped here. GET, PUT and
        DELETE may be repeated where `repeatable` does not say otherwise.
        """
        may = http_method in _REPEATABLE_METHODS if repeatable is None else repeatable
        with writes_repeatable(may):
            reply = self._reply(http_method, location_id, version, route, query, body)
        data = self._json(reply)
        if not isinstance(data, dict) and http_method == "GET":
            raise self._strange(reply, reply.text.strip()[:200])
        # A write may answer with a list of what it did.
        rows = data["value"] if isinstance(data, dict) and "value" in data else [data]
        self._check(reply, location_id, rows)
        return data

    def pages(self, location_id: str, *, version: str = "7.1", route: Mapping[str, str] = _NOTHING,
              query: Mapping[str, object] = _NOTHING) -> Iterator[dict[str, Any]]:
        """Each row of a list, over all pages; the filters of `query` go with every page."""
        seen: set[str] = set()
        wanted = dict(query)
        while True:
            reply = self._reply("GET", location_id, version, route, wanted, None)
            yield from self._rows(reply, location_id)
            token = reply.headers.get(_MORE)
            if not token:
                return
            if token in seen:
                raise self._strange(reply, f"the continuation token {token!r} came twice")
            seen.add(token)
            wanted["continuationToken"] = token

    def windows(self, location_id: str, *, route: Mapping[str, str] = _NOTHING,
                query: Mapping[str, object] = _NOTHING, size: int = 100) -> Iterator[dict[str, Any]]:
        """Each row of a list that goes by `$skip` and `$top` and gives no token, such as pull requests."""
        skip = 0
        while True:
            reply = self._reply("GET", location_id, "7.1", route, {**query, "$skip": skip, "$top": size}, None)
            rows = self._rows(reply, location_id)
            yield from rows
            if len(rows) < size:
                return
            skip += size

    def _made(self, kind: str) -> Any:  # noqa: ANN401
        if self._package is None:
            self._package = open_package(self.url, self._exchange)
        make = getattr(self._package.clients_v7_1, f"get_{kind}_client", None) if _KIND.fullmatch(kind) else None
        if make is None:
            message = f"the package azure-devops has no client {kind!r}"
            raise AssertionError(message)
        with self._reading(f"open the {kind} client"):
            made = make()
            # Now, under the lock: otherwise every thread would ask for the table of locations at once.
            made._get_organization_resource_location("")
        return made

    def _reply(self, method: str, location_id: str, version: str, route: Mapping[str, str],
               query: Mapping[str, object], body: object) -> requests.Response:
        # This client has no service area of its own, so it speaks to the organization itself.
        client = self.client("location")
        with self._reading(f"{method} {location_id}"):
            location = client._get_organization_resource_location(location_id)
            if location is None:
                message = f"API resource location {location_id} is not registered"
                raise errors.NotOffered(self._exchange.refusal(f"{method} {location_id}", message))
            reply: requests.Response = client._send(
                method, location_id, _offered(version, location), route_values=escaped_route(route),
                query_parameters=escaped_query(query), content=body)
        return reply

    def _json(self, reply: requests.Response) -> Any:  # noqa: ANN401
        def missing(name: str) -> errors.NotAzureDevOps:
            return self._strange(reply, f"the reply has no field {name!r}")

        nothing = Fields({}, missing)
        if not reply.content:
            return nothing
        try:
            data = reply.json(object_hook=lambda fields: Fields(fields, missing))
        except (requests.JSONDecodeError, RecursionError) as error:
            raise self._strange(reply, reply.text.strip()[:200]) from error
        return nothing if data is None else data

    def _rows(self, reply: requests.Response, location_id: str) -> list[dict[str, Any]]:
        data = self._json(reply)
        # Nothing at all is no empty list: what seems to be missing would be made again.
        if isinstance(data, dict) and not data.keys() & {"count", "value"}:
            raise self._strange(reply, "the reply has no field 'value'")
        rows = data.get("value") if isinstance(data, dict) else data
        if isinstance(rows or [], list) and all(isinstance(row, dict) for row in rows or []):
            self._check(reply, location_id, rows or [])
            return rows or []
        raise self._strange(reply, reply.text.strip()[:200])

    def _check(self, reply: requests.Response, location_id: str, rows: object) -> None:
        shape = shape_of(location_id)
        wrong = mismatch(rows or [], [shape]) if shape else ""
        if wrong:
            raise self._strange(reply, wrong)

    def _strange(self, reply: requests.Response, message: str) -> errors.NotAzureDevOps:
        call = f"{reply.request.method} {reply.request.path_url.partition('?')[0]}"
        return errors.NotAzureDevOps(self._exchange.refusal(call, message, reply.status_code))

    @contextmanager
    def _reading(self, call: str) -> Iterator[None]:
        """What the package itself finds wrong with a reply, as an error of ours."""
        try:
            yield
        except package_errors() as error:
            said = str(error.args[0] if error.args else error)
            raise errors.NotAzureDevOps(self._exchange.refusal(call, said)) from error


def _offered(version: str, location: Any) -> str:  # noqa: ANN401
    """`version`, marked as a preview where the service has nothing else: it refuses the plain number then."""
    if "preview" in version or float(location.released_version) >= float(version):
        return version
    return f"{version}-preview.{location.resource_version}"
