"""One served application with its request log and its faults."""
from __future__ import annotations

import ssl
from dataclasses import dataclass

from sandbox.http.faults import Faults
from sandbox.http.message import Application
from sandbox.http.request_log import RequestLog
from sandbox.http.server import Server


@dataclass(frozen=True)
class Endpoint:
    server: Server
    log: RequestLog
    faults: Faults

    @classmethod
    def of(cls, application: Application, *, port: int = 0, tls: ssl.SSLContext | None = None) -> Endpoint:
        """Take `port` if it is free, so that clones stay valid over a restart; any other free one if not."""
        faults = Faults(application)
        log = RequestLog(faults)
        try:
            server = Server(log, tls=tls, port=port)
        except OSError:
            server = Server(log, tls=tls)
        return cls(server, log, faults)

    @property
    def url(self) -> str:
        return self.server.url
