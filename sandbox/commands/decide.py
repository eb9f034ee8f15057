"""python -m sandbox approve and reject: what a run waits for, decided as an approver who did not start it."""
from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from sandbox.commands.running import devops, printing
from sandbox.commands.state_option import add_state_option


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for verb, approved, text in (("approve", True, "let a run go on that waits for an approval"),
                                 ("reject", False, "end a run that waits for an approval")):
        parser = subparsers.add_parser(verb, help=text)
        parser.add_argument("number", metavar="RUN", type=int, nargs="?", help="not needed where only one run waits")
        parser.add_argument("--comment", default="", help="what the run shall remember of the decision")
        add_state_option(parser)
        parser.set_defaults(run=printing(_decision(approved=approved)))


def _decision(*, approved: bool) -> Callable[[argparse.Namespace], Iterator[str]]:
    def lines(given: argparse.Namespace) -> Iterator[str]:
        from sandbox.display.runs_view import RunsView

        view = RunsView(devops(given.state, "approver_token"))
        decided = view.decide(given.number, approved=approved, comment=given.comment)
        yield f"{'approved' if approved else 'rejected'}: run {decided.run} of {decided.pipeline}"

    return lines
