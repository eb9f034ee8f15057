"""Git smart HTTP through git's own CGI program: https://git-scm.com/docs/git-http-backend."""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import clean_environ
from sandbox.http.message import Request, Response, text_response

_BLOCK = 64 * 1024
_SERVICES = {"git-upload-pack", "git-receive-pack"}
_FORWARDED = ("Content-Type", "Content-Encoding", "Git-Protocol", "Accept-Encoding", "User-Agent")


@dataclass(frozen=True)
class GitCall:
    """One smart HTTP request: `path` is what follows the repository's URL, `/info/refs` for instance."""

    repository: BareRepository
    path: str
    user: str

    @property
    def is_push(self) -> bool:
        return self.path == "/git-receive-pack"


def missing_repository(name: str) -> Response:
    """The service's answer for a repository that does not exist or is hidden; git shows it as `remote: ...`."""
    text = (f"TF401019: The Git repository with name or identifier {name} does not exist or you do not have "
            "permissions for the operation you are attempting.")
    return text_response(text, 404)


def refused_push(text: str) -> Response:
    """The service's answer to somebody who may push nothing, as https://github.com/Azure/AzOps/issues/299 shows it."""
    line = f"{text}\n"
    body = f"001f# service=git-receive-pack\n00000000{len(line.encode()) + 4:04x}{line}{line}"
    return text_response(body, 403)


def is_push_greeting(request: Request) -> bool:
    return request.parameter("service") == "git-receive-pack"


def is_git_request(request: Request, path: str) -> bool:
    """Whether this is one of the three requests of the smart protocol; the dumb protocol is not served."""
    if path == "/info/refs":
        return request.method == "GET" and request.parameter("service") in _SERVICES
    return request.method == "POST" and path.removeprefix("/") in _SERVICES


@contextmanager
def received(request: Request) -> Iterator[IO[bytes]]:
    """The request's whole body in a temporary file, so that nothing is locked while a slow client still sends."""
    with tempfile.TemporaryFile() as body:
        shutil.copyfileobj(request.body_stream, body, _BLOCK)
        yield body


def answer(call: GitCall, request: Request, body: IO[bytes], environ: Mapping[str, str] | None = None) -> Response:
    """git's answer: to a push as a whole, because its reader may rely on the push being known; else as it comes.

    `environ` is what git's hooks are told.
    """
    process = _start(call, request, body, environ or {})
    output = process.stdout
    assert output is not None  # noqa: S101 - a pipe was asked for
    status, headers = _head(output)
    rest = _Rest(process, output)
    if not call.is_push:
        return Response(status, headers=headers, chunks=rest)
    with closing(rest):
        return Response(status, b"".join(rest), headers)


def _start(call: GitCall, request: Request, body: IO[bytes], extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    environ = {**clean_environ(), **extra, **_cgi_environ(call, request), "CONTENT_LENGTH": str(length)}
    return subprocess.Popen(["git", "http-backend"], env=environ, stdin=body, stdout=subprocess.PIPE)


def _cgi_environ(call: GitCall, request: Request) -> dict[str, str]:
    """What RFC 3875 asks for. Header names come from a fixed list: a client cannot set other variables."""
    headers = {f"HTTP_{name.upper().replace('-', '_')}": request.headers.get(name, "") for name in _FORWARDED}
    return {
        **headers,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROJECT_ROOT": str(call.repository.path.parent),
        "PATH_INFO": f"/{call.repository.path.name}{call.path}",
        "QUERY_STRING": request.raw_target.partition("?")[2],
        "REMOTE_ADDR": request.client,
        "REMOTE_USER": call.user,
        "REQUEST_METHOD": request.method,
    }


def _head(output: IO[bytes]) -> tuple[int, dict[str, str]]:
    status, headers = 200, {}
    while line := output.readline().decode("latin-1").rstrip("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name] = value.strip()
    return (status, headers) if headers or status != 200 else (500, {})


class _Rest:
    """What follows the head, block by block; closing ends the process even if nothing was read."""

    def __init__(self, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
        self._process = process
        self._output = output

    def __iter__(self) -> Iterator[bytes]:
        while block := self._output.read(_BLOCK):
            yield block

    def close(self) -> None:
        self._output.close()
        self._process.wait()
