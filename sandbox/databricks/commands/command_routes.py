"""API 1.2: execution contexts on a running cluster, and the commands they run."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.commands.command import Command
from sandbox.databricks.commands.context import ExecutionContext
from sandbox.databricks.commands.errors import (
    CommandApiError,
    cluster_not_ready,
    in_words_of_1_2,
    no_command,
    no_context,
)
from sandbox.databricks.commands.single_user import single_user_problem
from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import ApiError, deny, refuse_missing
from sandbox.databricks.notebooks.answers import Answers
from sandbox.databricks.notebooks.conversation import Answer
from sandbox.databricks.notebooks.output import Redaction
from sandbox.databricks.state import WorkspaceState

_RUNNING = frozenset({"RUNNING", "RESIZING"})


def command_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST contexts/create": _create, "GET contexts/status": _context_status, "POST contexts/destroy": _destroy,
        "POST commands/execute": _execute, "GET commands/status": _status, "POST commands/cancel": _cancel,
    }
    return routes_below("/api/1.2", {key: _told_in_words_of_1_2(handler) for key, handler in handlers.items()})


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("contexts/create")
    cluster = _running(call, fields)
    problem = single_user_problem(cluster, call.caller.name, call.state.directory)
    if problem:
        deny(problem)
    context = ExecutionContext(call.caller.id, cluster.spark_context_id, fields.get("language", "python"),
                               is_alive=lambda: _is_alive(call.state, cluster.cluster_id, context),
                               answers=lambda home, redaction: _answers(call.state, call.caller, home, redaction))
    call.state.contexts.add(cluster, context)
    return {"id": context.id}


def _context_status(call: Call) -> dict[str, Any]:
    _, context = _context(call, call.fields("contexts/status"))
    return {"id": context.id, "status": "Error" if context.is_over else "Running"}


def _destroy(call: Call) -> dict[str, Any]:
    cluster, context = _context(call, call.fields("contexts/destroy"))
    call.state.contexts.destroy(cluster, context)
    return {"id": context.id}


def _execute(call: Call) -> dict[str, Any]:
    fields = call.fields("commands/execute")
    cluster, context = _context(call, fields)
    if "command" not in fields:
        refuse_missing("command")
    if context.is_over:
        raise no_context(context.id)
    command = context.execute(fields["command"], fields.get("language", ""), call.state.contexts.folder)
    _keep_awake(call, cluster)
    return {"id": command.id}


def _status(call: Call) -> dict[str, Any]:
    cluster, context, command = _command(call, call.fields("commands/status"))
    if not command.is_over:
        _keep_awake(call, cluster)
    return context.told(command)


def _cancel(call: Call) -> dict[str, Any]:
    """The command may go on for a moment; one that is over keeps its results."""
    _, context, command = _command(call, call.fields("commands/cancel"))
    context.cancel(command)
    return {"id": command.id}


def _command(call: Call, fields: Mapping[str, Any]) -> tuple[Cluster, ExecutionContext, Command]:
    cluster, context = _context(call, fields)
    command = context.commands.get(fields.get("commandId", ""))
    if command is None:
        raise no_command(fields.get("commandId", ""))
    return cluster, context, command


def _context(call: Call, fields: Mapping[str, Any]) -> tuple[Cluster, ExecutionContext]:
    cluster = _running(call, fields)
    return cluster, call.state.contexts.find(cluster, fields.get("contextId", ""), call.caller)


def _running(call: Call, fields: Mapping[str, Any]) -> Cluster:
    if not fields.get("clusterId"):
        refuse_missing("clusterId")
    cluster = cluster_of(call, {"cluster_id": fields["clusterId"]}, "CAN_ATTACH_TO")
    if cluster.state not in _RUNNING:
        raise cluster_not_ready(cluster.cluster_id, cluster.state)
    return cluster


def _keep_awake(call: Call, cluster: Cluster) -> None:
    """A cluster that runs commands is not idle."""
    cluster.last_activity = call.now
    call.state.clusters.changed(cluster)


def _is_alive(state: WorkspaceState, cluster_id: str, context: ExecutionContext) -> bool:
    with state.lock:
        cluster = state.clusters.get(cluster_id)
        return cluster is not None and cluster.spark_context_id == context.spark_context_id


def _answers(state: WorkspaceState, principal: Principal, home: Path, redaction: Redaction) -> Answer:
    """What the process may ask, with the rights of whose context it is."""
    order = {"kind": "context", "path": "", "disk": str(home), "parameters": {}, "arguments": [],
             "import_folders": [], "install": [], "packages": str(home / "packages"),
             "file_store": str(state.folder / "dbfs")}
    return Answers(state, principal, order, redaction, _run_other)


def _run_other(path: str, arguments: Mapping[str, str], timeout: float) -> str:  # noqa: ARG001 - a RunOther
    message = f"{path}: the sandbox does not run other notebooks from an execution context"
    raise ValueError(message)


def _told_in_words_of_1_2(handler: Handler) -> Handler:
    def answer(call: Call) -> Any:  # noqa: ANN401 - what the handler answers
        try:
            return handler(call)
        except CommandApiError:
            raise
        except ApiError as error:
            raise in_words_of_1_2(error) from error

    return answer
