"""The Repos API. Its handlers run without the state's lock and take it where they look at the state."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import refuse
from sandbox.databricks.replies import without_empty
from sandbox.databricks.repos.create import create
from sandbox.databricks.repos.errors import no_repo, remote_error
from sandbox.databricks.repos.git import GitFailedError
from sandbox.databricks.repos.git_folder import GitFolder
from sandbox.databricks.repos.update import update
from sandbox.databricks.workspace_files.files import CAN_MANAGE, CAN_READ, REPOS
from sandbox.databricks.workspace_files.paths import ROOT, read_path
from sandbox.entra.tenant import Tenant

_PATH = "/api/2.0/repos"
_PAGE = 20


def repo_routes(tenant: Tenant) -> Routes:
    """`tenant` signs in to Azure DevOps for callers who do so with their own Entra identity."""
    def create_one(call: Call) -> dict[str, Any]:
        with _git_errors_told():
            return create(call, tenant)

    def update_one(call: Call) -> dict[str, Any]:
        with _git_errors_told():
            return update(call, named(call, CAN_MANAGE), tenant)

    return [("POST", _PATH, create_one), ("GET", _PATH, _list), ("GET", f"{_PATH}/{{id}}", _get),
            ("DELETE", f"{_PATH}/{{id}}", _delete), ("PATCH", f"{_PATH}/{{id}}", update_one)]


@contextmanager
def _git_errors_told() -> Iterator[None]:
    """What git refuses, though its remote answered well, is the remote's doing in the service's words, too."""
    try:
        yield
    except GitFailedError as error:
        raise remote_error(str(error)) from error


def named(call: Call, needed: str) -> GitFolder:
    """The Git folder of the path, if the caller has `needed` on it; one that may not be seen is not there."""
    text = call.request.arguments["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise no_repo()
    with call.state.lock:
        folder = call.state.repos.get(int(text))
        if call.state.files.level(folder.path, call.caller) < 0:
            raise no_repo()
        call.state.files.entry(folder.path, call.caller, needed)
        return folder


def _get(call: Call) -> dict[str, Any]:
    with call.state.lock:
        return named(call, CAN_READ).shown()


def _list(call: Call) -> dict[str, Any]:
    """Those below the prefix, `/Repos` if it is empty, that the caller manages; the token is the next one's id."""
    fields = call.fields("repos/list")
    first = _first(fields.get("next_page_token", ""))
    prefix = read_path(fields.get("path_prefix") or REPOS)
    prefix = REPOS if prefix == ROOT else prefix
    page: list[GitFolder] = []
    with call.state.lock:
        for folder in call.state.repos.below(prefix, first, call.state.files.granted_roots(call.caller)):
            if call.state.files.has_level(folder.path, call.caller, CAN_MANAGE):
                page.append(folder)
            if len(page) > _PAGE:
                break
        rows = [folder.as_json() for folder in page[:_PAGE]]
    return without_empty(repos=rows, next_page_token=str(page[_PAGE].id) if len(page) > _PAGE else "")


def _first(token: str) -> int:
    if token and not (token.isascii() and token.isdecimal() and len(token) < 20):
        refuse("next_page_token is none that this API gave")
    return int(token or 0)


def _delete(call: Call) -> dict[str, Any]:
    folder = named(call, CAN_MANAGE)
    with folder.lock, call.state.lock:
        call.state.repos.remove(call.state.repos.get(folder.id))
    return {}
