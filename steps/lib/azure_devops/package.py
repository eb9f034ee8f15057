"""The border to the package `azure-devops`: slow to load, so imported when first used.

Here are the traps of how it sends. It would keep the organization's tables on disk for twelve hours, read by whoever
comes next; it would repeat calls by itself and lose the service's message in doing so; and what it makes of a sign-in
page is not an error of authentication. So it composes requests and reads replies, and `Exchange` does the sending.
"""
from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from steps.lib.azure_devops.exchange import Exchange, Outgoing

_CACHE_MODULE = "azure.devops._file_cache"


class _NoCache(dict[str, Any]):
    """Remembers nothing. The package reads it with `[]` and asks the service where that gives something empty."""

    def __missing__(self, key: str) -> dict[str, Any]:
        return {}

    def __setitem__(self, key: str, value: object) -> None:
        """Drop it."""


def open_package(url: str, exchange: Exchange) -> Any:  # noqa: ANN401 - the package has no types
    """A `Connection` of the package for the organization at `url`, of which all clients send through `exchange`."""
    _keep_off_the_disk()
    from azure.devops import client, connection  # type: ignore[import-untyped]
    from msrest.pipeline import HTTPPolicy, Response
    from msrest.universal_http.requests import RequestsClientResponse

    class Sending(HTTPPolicy[Any, Any]):
        """Stands where the package puts its credentials, and never hands a request on to the package's own sender."""

        def send(self, request: Any, **_: object) -> Any:  # noqa: ANN401
            composed = request.http_request
            reply = exchange.send(Outgoing(composed.method, composed.url, composed.headers, composed.data))
            return Response(request, RequestsClientResponse(composed, reply))  # type: ignore[no-untyped-call]

    # Whoever loaded the package before us may have let it use the disk.
    client.OPTIONS_FILE_CACHE = _NoCache()
    connection.RESOURCE_FILE_CACHE = _NoCache()
    client.Client._locations_cache.pop(client.Client._normalize_url(url), None)
    return connection.Connection(base_url=url, creds=Sending(),  # type: ignore[no-untyped-call]
                                user_agent="brickline")


def package_errors() -> tuple[type[Exception], ...]:
    """What the package raises for a reply that it cannot use."""
    from azure.core.exceptions import DecodeError, DeserializationError
    from azure.devops.exceptions import AzureDevOpsClientRequestError  # type: ignore[import-untyped]
    from msrest.exceptions import ClientRequestError
    from msrest.exceptions import DeserializationError as BadModel  # type: ignore[attr-defined]

    # The last four are how it stumbles over replies of another shape: empty, without a list, nested without end; and
    # over a service that does not offer what it wants.
    return (DeserializationError, DecodeError, AzureDevOpsClientRequestError, BadModel, ClientRequestError,
            AttributeError, ValueError, TypeError, RecursionError)


def _keep_off_the_disk() -> None:
    """Put a cache that keeps nothing in the place of the package's own, which makes a folder when it is imported.

    AZURE_DEVOPS_CACHE_DIR would only move that folder, and would have to be set for the whole process and its
    children.
    """
    module = ModuleType(_CACHE_MODULE)
    module.OPTIONS_CACHE = module.RESOURCE_CACHE = _NoCache()  # type: ignore[attr-defined]
    sys.modules.setdefault(_CACHE_MODULE, module)
