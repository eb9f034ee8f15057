"""A forward proxy for clients that lose the port of an address: whatever host they name, this is where they come to.

The legacy databricks-cli and dbx build their address from scheme and host name alone; `HTTP_PROXY` is how they reach a
server that is not on port 80.
"""
from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sandbox.http.message import Application, Request, Response, text_response


class ForwardProxy:
    """An application: a request in absolute form (RFC 9112 §3.2.2) is answered by the application of its host.

    `hosts` are host names in lower case; a port in the request plays no part. Nothing is ever sent anywhere else.
    """

    def __init__(self, hosts: Mapping[str, Application]) -> None:
        self._hosts = dict(hosts)

    def __call__(self, request: Request) -> Response:
        if request.method == "CONNECT":
            return text_response("this proxy makes no tunnels: give the host with http:// and not with https://", 501)
        host = _host_of(request.raw_target)
        application = self._hosts.get(host)
        if application is not None:
            return application(request)
        if not host:
            return text_response(f"this is a forward proxy: name it in HTTP_PROXY and ask for {self._known()}", 400)
        return text_response(f"this proxy leads to {self._known()} only, not to {host!r}", 502)

    def _known(self) -> str:
        return ", ".join(f"http://{host}" for host in self._hosts)


def _host_of(target: str) -> str:
    """Empty where the request names no host."""
    try:
        return urlsplit(target).hostname or ""
    except ValueError:
        return ""
