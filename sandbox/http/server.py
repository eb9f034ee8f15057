"""A small threaded HTTP/1.1 server on loopback: the front door of every embedded service."""
from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading

from sandbox.http.connection import Connection
from sandbox.http.message import BODY_LIMIT, Application

_IDLE_SECONDS = 120.0
_JOIN_SECONDS = 5.0
_PAUSE_SECONDS = 0.05
_MOST_CONNECTIONS = 500
_HANDSHAKE = b"\x16"
"""How a client that speaks TLS begins: https://www.rfc-editor.org/rfc/rfc8446#appendix-B.1; no method does."""


class Server:
    """Serves `application` at `url` from `start()` to `stop()`, or inside a `with`; port 0 takes a free port.

    The port is taken when the object is made, so `url` can be told to others before anything is served.
    With `also_tls` the same port serves those, too, who come with TLS.
    """

    def __init__(self, application: Application, *, tls: ssl.SSLContext | None = None,
                 host: str = "127.0.0.1", port: int = 0) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            message = f"host: got {host!r}, the sandbox listens on loopback only"
            raise ValueError(message)
        self.application = application
        self.body_limit = BODY_LIMIT
        self.connection_limit = _MOST_CONNECTIONS
        self.also_tls: ssl.SSLContext | None = None
        self._tls = tls
        self._listener = socket.create_server((host, port), backlog=_MOST_CONNECTIONS)
        self.host = host
        self.port = int(self._listener.getsockname()[1])
        self._stopping = threading.Event()
        self._acceptor = threading.Thread(target=self._accept, name=f"accept {self.port}", daemon=True)
        self._open: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """`localhost` with TLS, because the local certificate authority signs that name."""
        return f"https://localhost:{self.port}" if self._tls else f"http://{self.host}:{self.port}"

    def start(self) -> None:
        self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection; handlers that run get a moment to end."""
        self._stopping.set()
        if self._acceptor.is_alive():
            # Only a connection wakes a blocking accept on every platform.
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
                pass
            self._acceptor.join(_JOIN_SECONDS)
        self._listener.close()
        with self._lock:
            still_open = dict(self._open)
        for thread, connection in still_open.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(_JOIN_SECONDS)

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                accepted, address = self._listener.accept()
            except OSError:
                # Out of file descriptors, or the client is gone already: the port stays open for the next one.
                self._stopping.wait(_PAUSE_SECONDS)
                continue
            if self._stopping.is_set() or len(self._open) >= self.connection_limit:
                _turn_away(accepted)
            else:
                self._begin(accepted, address[0])

    def _begin(self, accepted: socket.socket, client: str) -> None:
        thread = threading.Thread(target=self._serve, args=(accepted, client), daemon=True)
        with self._lock:
            self._open[thread] = accepted
        thread.start()

    def _serve(self, accepted: socket.socket, client: str) -> None:
        try:
            connection = self._secured(accepted)
            if connection is not None:
                with connection:
                    Connection(connection, self.application, client, self.body_limit).serve()
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def _secured(self, accepted: socket.socket) -> socket.socket | None:
        """None where the client left during the handshake, for instance because it does not trust us."""
        try:
            accepted.settimeout(_IDLE_SECONDS)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            tls = self.also_tls if self.also_tls and _begins_with_tls(accepted) else self._tls
            secured = tls.wrap_socket(accepted, server_side=True) if tls else accepted
        except OSError:
            accepted.close()
            return None
        with self._lock:
            self._open[threading.current_thread()] = secured
        return secured


def _begins_with_tls(accepted: socket.socket) -> bool:
    return accepted.recv(1, socket.MSG_PEEK) == _HANDSHAKE


def _turn_away(accepted: socket.socket) -> None:
    with accepted, contextlib.suppress(OSError):
        accepted.settimeout(0)
        accepted.send(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
