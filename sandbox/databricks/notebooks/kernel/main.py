"""The main program of a notebook's process: gets its order, runs it, tells how it ended."""
from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from typing import Any

from sandbox.databricks.notebooks.kernel.channel import Channel
from sandbox.databricks.notebooks.kernel.code_runner import describe
from sandbox.databricks.notebooks.kernel.commands import pip_install
from sandbox.databricks.notebooks.kernel.dbutils import NotebookExit
from sandbox.databricks.notebooks.kernel.interactive import serve
from sandbox.databricks.notebooks.kernel.order import Order
from sandbox.databricks.notebooks.kernel.programs import is_good_end, run_file, run_wheel
from sandbox.databricks.notebooks.kernel.session import Session


def main(connection: int, lifeline: int) -> None:
    """Both are inherited file descriptors; `lifeline` reads as ended as soon as the sandbox is gone."""
    threading.Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    channel = Channel(socket.socket(fileno=connection))
    order = Order.from_json(channel.ask("start"))
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(order.packages), *order.import_folders]
    outcome = _run(order, channel)
    sys.stdout.flush()
    sys.stderr.flush()
    # A notebook may have closed the line: then it ends without a word, as one that fell.
    with contextlib.suppress(OSError):
        channel.tell("done", **outcome)


def _run(order: Order, channel: Channel) -> dict[str, Any]:
    """How it ended. Whatever a notebook raises is its failure, never this program's."""
    try:
        if order.install:
            pip_install(order.install, order.packages)
        if order.kind == "context":
            serve(Session(order, channel), channel)
        elif order.kind == "notebook":
            Session(order, channel).run(order.path, order.disk)
        else:
            (run_wheel if order.kind == "wheel" else run_file)(order)
    except NotebookExit as end:
        return {"succeeded": True, "exit_value": end.value}
    except BaseException as error:  # noqa: BLE001 - see above
        if isinstance(error, SystemExit) and order.kind != "notebook" and is_good_end(error):
            return {"succeeded": True}
        line, trace = describe(error)
        return {"succeeded": False, "error": line, "error_trace": trace}
    return {"succeeded": True}


def _die_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.killpg(os.getpgid(0), signal.SIGKILL)
