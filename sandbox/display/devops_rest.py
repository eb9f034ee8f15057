"""The REST API of the embedded organisation, as one of its people calls it."""
from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.errors import SandboxError

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback: no proxy of this machine in between


class RefusedError(SandboxError):
    """The organisation said no, or did not answer; reads as its own words."""


@dataclass(frozen=True)
class DevopsRest:
    """`url` is that of the organisation; `token` a personal access token of whoever calls."""

    url: str
    project: str
    token: str = field(repr=False)

    def rows(self, path: str, **query: str) -> list[dict[str, Any]]:
        return list(self.send(path, **query)["value"])

    def send(self, path: str, body: object = None, *, method: str = "", **query: str) -> dict[str, Any]:
        """The answer as an object; a GET without `body`, else a POST unless `method` says otherwise."""
        data: dict[str, Any] = json.loads(self.text(path, body, method=method, **query) or "{}")
        return data

    def text(self, path: str, body: object = None, *, method: str = "", **query: str) -> str:
        parameters = urlencode({"api-version": "7.1", **query})
        target = f"{self.url.rstrip('/')}/{quote(self.project)}/_apis/{path}?{parameters}"
        credential = base64.b64encode(f":{self.token}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            target, data=None if body is None else json.dumps(body).encode(), method=method or None,
            headers={"Authorization": f"Basic {credential}", "Content-Type": "application/json"})
        try:
            with _OPENER.open(request, timeout=10) as reply:
                return str(reply.read().decode("utf-8"))
        except urllib.error.HTTPError as error:
            raise RefusedError(_words_of(error)) from error
        except OSError as error:
            message = f"the organisation at {self.url} does not answer: {error}"
            raise RefusedError(message) from error


def _words_of(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return f"the organisation answered {error.code} {error.reason}"
