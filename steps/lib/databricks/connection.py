"""Opens a workspace for a step: checks the host, gets a token, closes everything at the end."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.databricks.client import Databricks, Target
from steps.lib.databricks.credentials import token_source
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.http.session import is_loopback, open_session
from steps.lib.wording import got

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"https?://(?:\[[0-9A-Fa-f:]+\]|{_LABEL}(?:\.{_LABEL})*)(?::(\d{{1,5}}))?")
_HIGHEST_PORT = 65535


@contextmanager
def connect(workspace: Workspace, environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> Iterator[Databricks]:
    """The workspace's API, as the principal that the credential variables of `environ` name."""
    host = checked_host(workspace)
    agent.info(f"workspace {host} ({workspace.name}, {workspace.environment.value})")
    with open_session(host, environ) as session:
        tokens = token_source(workspace, environ, clock)
        tokens.token()
        session.auth = tokens
        session.headers["User-Agent"] = "brickline"
        yield Databricks(Target(host, workspace.file), session, clock=clock)


def checked_host(workspace: Workspace) -> str:
    """The host of `workspace`; plain http is taken on loopback only, for the token would travel readable."""
    host = workspace.host.rstrip("/")
    parts = _HOST.fullmatch(host)
    if parts is None or int(parts[1] or 0) > _HIGHEST_PORT:
        raise _bad_host(workspace, "expected 'https://<workspace host>' and nothing after it")
    if host.startswith("http://") and not is_loopback(host):
        raise _bad_host(workspace, "expected https, for http would show the token to everyone on the way")
    return host


def _bad_host(workspace: Workspace, problem: str) -> InputError:
    path = f"{workspace.environment.value}.host"
    return InputError([Finding(workspace.file, path=path, problem=f"got {got(workspace.host)}, {problem}")])
