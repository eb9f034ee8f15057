"""Workspaces that end at a bad moment, and what is there when they start again."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

from sandbox.databricks.workspace import Workspace

Ask: TypeAlias = "tuple[str, str, dict[str, Any]]"
"""Method, path from the version on, body."""

_PROGRAM = """
import json, os, signal, subprocess, sys
from pathlib import Path
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
workspace = Workspace("dev", tenant=Tenant(), folder=Path(sys.argv[1]))
client = Client(workspace, workspace.token)
def end_after(event, details):
    if event == "subprocess.Popen" and sys.argv[3] in details[1]:
        command = ["git", *details[1][1:]]
        sys.argv[3] = ""
        subprocess.run(command, cwd=details[2], env=details[3], check=True)
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(end_after)
if sys.argv[3] == "unanswered":
    workspace.state.lock.acquire()
for method, path, body in json.loads(sys.argv[2]):
    reply = client.ask(method, path, body)
    print(reply.status, reply.body, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_before_it_answered(folder: Path, *asked: Ask) -> list[str]:
    """Lets a workspace do this as an admin, and kills it when all is done and nothing acknowledged.

    Returns what it would have answered.
    """
    with started(folder, *asked, how="unanswered") as process:
        told, problem = process.communicate()
    assert process.returncode == -9, problem
    return told.splitlines()


def started(folder: Path, *asked: Ask, how: str = "answered") -> subprocess.Popen[str]:
    """A process whose workspace does this as an admin, and kills itself afterwards at the latest.

    `how` may be a word of a command line: the first such command is run and then the process killed.
    """
    return subprocess.Popen([sys.executable, "-c", _PROGRAM, str(folder), json.dumps(asked), how], text=True,
                            cwd=Path(__file__).parents[4], env=dict(os.environ), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def again(workspace: Workspace) -> Workspace:
    """A second workspace of the same folder, as after a stop or a kill."""
    return Workspace("dev", tenant=workspace.tenant, clock=workspace.state.clock, folder=workspace.state.folder)


def everything_in(folder: Path) -> dict[str, bytes | None]:
    """Content by path of all that lies below a folder on disk; None for folders."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
            for path in sorted(folder.rglob("*"))}
