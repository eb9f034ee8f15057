"""python -m sandbox up: keeps everything running, and shows every push and run as it happens."""
from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sandbox.commands.state_option import add_state_option
from sandbox.commands.welcome import moves, welcome
from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from sandbox.azure_devops.runs.run_order import RunOrder
    from sandbox.display.workspace_view import WorkspaceView
    from sandbox.http.request_log import Entry
    from sandbox.world.world import World

_SECONDS = 3.0
_POLL_SECONDS = 0.2
_LONGEST_START = 3600.0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("up", help="keep the sandbox running for playing by hand")
    add_state_option(parser)
    parser.add_argument("--start-seconds", type=seconds, default=_SECONDS, metavar="SECONDS",
                        help=f"how long a cluster takes to start; a library takes half of it (default: {_SECONDS:g})")
    parser.add_argument("--legacy-clients", action="store_true",
                        help="let in clients that drop the port of an address, such as databricks-cli 0.18 and dbx")
    parser.add_argument("--small-ids", action="store_true",
                        help="let new workspaces give ids that clients in JavaScript can hold")
    parser.set_defaults(run=run)


def seconds(text: str) -> float:
    """The value of --start-seconds; an error of argparse where no cluster takes so long."""
    value = float(text)
    if not 0 <= value <= _LONGEST_START:
        message = f"got {text!r}, expected 0 to {_LONGEST_START:g}"
        raise argparse.ArgumentTypeError(message)
    return value


def run(arguments: argparse.Namespace) -> int:
    try:
        _stay_up(arguments)
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"{arguments.state}: cannot be used: {error}; make room or name another folder with --state\n")
        return 1
    try:
        sys.stdout.write(f"ended; everything stays in {arguments.state} until a reset\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe: the interpreter would flush it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _stay_up(arguments: argparse.Namespace) -> None:
    ended = _end_asked()
    from sandbox.commands.git_version import git_warning
    from sandbox.databricks.delays import Delays
    from sandbox.display.run_display import RunDisplay
    from sandbox.display.workspace_view import WorkspaceView
    from sandbox.world.world import World

    seconds = arguments.start_seconds
    delays = Delays(cluster_start=seconds, cluster_restart=seconds, library_install=seconds / 2, terminate=seconds / 2)
    # The view asks the workspace, whose address is known only once the world is there.
    display = RunDisplay(sys.stdout, prefix=True, outcome=lambda order: _shown_after(order, view))
    if warning := git_warning():
        display.write(warning)
    with World(arguments.state, delays=delays, small_ids=arguments.small_ids, watch=display.of,
               on_push=display.pushed) as world:
        view = WorkspaceView(world.databricks_hosts()["local"], world.workspaces["local"].token)
        for name, workspace in world.workspaces.items():
            workspace.log.on_unknown = partial(_show_unknown, display.write, name)
        if arguments.legacy_clients:
            world.open_legacy_doors()
        set_up_product(world, display.write, ended)
        for line in [*moves(world), *welcome(world).splitlines()]:
            display.write(line)
        ended.wait()
        display.write("ending; runs that go on are cancelled")


def _shown_after(order: RunOrder, view: WorkspaceView) -> list[str]:
    """The cluster's page, after a run that was for a cluster."""
    from sandbox.world.furnish import LISTENER

    return [*view.page_of(order.branch), ""] if order.pipeline.yaml_path == LISTENER else []


def set_up_product(world: World, show: Callable[[str], None], ended: threading.Event) -> None:
    """Run the set-up pipeline for the product, as a platform engineer would, unless an earlier sandbox did."""
    from sandbox.display.organisation_view import OrganisationView
    from sandbox.world.administration import SET_UP_PIPELINE
    from sandbox.world.furnish import PRODUCT, TEAM, is_set_up
    from sandbox.world.people import PLATFORM

    if is_set_up(world) or ended.is_set():
        return
    show(f"first of all, the pipeline {SET_UP_PIPELINE!r} readies the empty repository {PRODUCT!r}")
    organisation = world.organisation
    view = OrganisationView(organisation.collection_uri, organisation.home.name,
                            world.credentials.token(f"azure_devops/{PLATFORM.email}"))
    view.start(SET_UP_PIPELINE, {"remoteRepoName": PRODUCT, "team": TEAM})
    while not organisation.runs.wait(_POLL_SECONDS) and not ended.is_set():
        pass


def _show_unknown(show: Callable[[str], None], workspace: str, entry: Entry) -> None:
    show(f"databricks/{workspace}: the sandbox does not know '{entry.method} {entry.path}', "
         f"which {entry.who} asked for: answered 404 ENDPOINT_NOT_FOUND")


def _end_asked() -> threading.Event:
    """Set by Ctrl-C or when the process is told to terminate."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    return asked
