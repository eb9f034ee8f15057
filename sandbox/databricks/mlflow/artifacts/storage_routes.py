"""The storage account behind signed addresses, as far as mlflow-skinny uses it.

Put Block and Put Block List (https://learn.microsoft.com/rest/api/storageservices/put-block-list), Put Blob, Get Blob.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.databricks.errors import ApiError, refuse_missing
from sandbox.databricks.mlflow.artifacts.artifact_files import no_artifact
from sandbox.databricks.mlflow.artifacts.signatures import STORAGE
from sandbox.http.message import Application, Request, Response

if TYPE_CHECKING:
    from sandbox.databricks.state import WorkspaceState

_BLOCK = re.compile(rb"<(?:Latest|Uncommitted|Committed)>([^<]{1,128})</")
_CHUNK = 1024 * 1024


def storage_routes(state: WorkspaceState) -> list[tuple[str, str, Application]]:
    """They ask for no token, and hold no lock: what they change lies on disk alone."""
    path = f"{STORAGE}/{{path...}}"
    return [("GET", path, _answering(state, "r", _get)), ("PUT", path, _answering(state, "w", _put))]


def _answering(state: WorkspaceState, permission: str,
               handler: Callable[[WorkspaceState, str, Request], Response]) -> Application:
    def answer(request: Request) -> Response:
        path = request.arguments["path"]
        try:
            state.mlflow.signatures.check(request, path, permission, state.clock.now())
            return handler(state, path, request)
        except ApiError as error:
            return error.response()

    return answer


def _get(state: WorkspaceState, path: str, _: Request) -> Response:
    disk = state.mlflow.artifacts.find(path)
    if disk is None:
        raise no_artifact(path)
    return Response(200, headers={"Content-Type": "application/octet-stream"}, chunks=_pieces(disk))


def _put(state: WorkspaceState, path: str, request: Request) -> Response:
    part = request.parameter("comp") or ""
    if part == "block":
        block_id = request.parameter("blockid")
        if not block_id:
            refuse_missing("blockid")
        state.mlflow.artifacts.put_block(path, block_id, request.body_stream)
    elif part == "blocklist":
        blocks = [found.decode("utf-8", "replace") for found in _BLOCK.findall(request.body)]
        state.mlflow.artifacts.put_block_list(path, blocks)
    else:
        state.mlflow.artifacts.write(path, request.body_stream)
    return Response(201)


def _pieces(disk: Path) -> Iterator[bytes]:
    with disk.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
