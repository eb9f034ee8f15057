"""python -m sandbox runs and logs: the runs of a sandbox that is up, and what their steps printed."""
from __future__ import annotations

import argparse
from collections.abc import Iterable

from sandbox.commands.running import devops, printing
from sandbox.commands.state_option import add_state_option


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    runs = subparsers.add_parser("runs", help="list the runs of a sandbox that is up, or the stages of one")
    runs.add_argument("number", metavar="RUN", type=int, nargs="?", help="show the stages and jobs of this run")
    runs.set_defaults(run=printing(_runs))
    logs = subparsers.add_parser("logs", help="show what the steps of a run printed")
    logs.add_argument("number", metavar="RUN", type=int)
    logs.add_argument("--step", default="", metavar="NAME", help="only steps with this in their name")
    logs.set_defaults(run=printing(_logs))
    for parser in (runs, logs):
        add_state_option(parser)


def _runs(given: argparse.Namespace) -> Iterable[str]:
    from sandbox.display.runs_view import RunsView

    view = RunsView(devops(given.state))
    return view.page() if given.number is None else view.stages(given.number)


def _logs(given: argparse.Namespace) -> Iterable[str]:
    from sandbox.display.runs_view import RunsView

    return RunsView(devops(given.state)).logs(given.number, given.step)
