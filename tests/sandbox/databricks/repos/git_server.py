"""A git server on loopback that takes one token, and Entra tokens of a tenant: git's own CGI program behind a login."""
from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.entra.tenant import AZURE_DEVOPS, InvalidTokenError, Tenant
from sandbox.http.message import Request, Response


@dataclass
class GitServer:
    """`asked` is called with each request of a git client."""

    folder: Path
    token: str
    tenant: Tenant
    asked: list[Callable[[Request], None]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        for told in self.asked:
            told(request)
        if not self._may_enter(request.headers.get("Authorization", "")):
            return Response(401, headers={"WWW-Authenticate": 'Basic realm="git"'})
        environment = {
            "PATH": os.environ["PATH"], "GIT_HTTP_EXPORT_ALL": "1", "GIT_PROJECT_ROOT": str(self.folder),
            "PATH_INFO": request.path, "REQUEST_METHOD": request.method, "QUERY_STRING": self._query(request),
            "CONTENT_TYPE": request.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], env=environment, input=request.body, capture_output=True,
                              check=False)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        return Response(int(fields.pop("Status", "200").split()[0]), body, fields)

    def _may_enter(self, authorization: str) -> bool:
        scheme, _, credential = authorization.partition(" ")
        if scheme == "Basic":
            return base64.b64decode(credential).decode().endswith(f":{self.token}")
        try:
            return scheme == "Bearer" and bool(self.tenant.verify(credential, AZURE_DEVOPS))
        except InvalidTokenError:
            return False

    @staticmethod
    def _query(request: Request) -> str:
        return request.raw_target.partition("?")[2]
