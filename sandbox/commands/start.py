"""python -m sandbox run: starts a pipeline of a sandbox that is up, as its page in the organisation would."""
from __future__ import annotations

import argparse
from collections.abc import Iterator

from sandbox.commands.running import devops, printing
from sandbox.commands.state_option import add_state_option


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("run", help="start a pipeline of a sandbox that is up, for instance churn-jobs")
    parser.add_argument("pipeline", metavar="PIPELINE")
    parser.add_argument("--ref", default="", metavar="REF", help="a branch or, in full, refs/tags/...; default branch")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="may be repeated")
    parser.add_argument("--skip", action="append", default=[], metavar="STAGE", help="leave this stage out; repeatable")
    add_state_option(parser)
    parser.set_defaults(run=printing(_start))


def _start(given: argparse.Namespace) -> Iterator[str]:
    from sandbox.display.organisation_view import OrganisationView

    rest = devops(given.state)
    parameters = {name: value for name, _, value in (pair.partition("=") for pair in given.parameter)}
    ref = given.ref if given.ref.startswith("refs/") or not given.ref else f"refs/heads/{given.ref}"
    view = OrganisationView(rest.url, rest.project, rest.token)
    number = view.start(given.pipeline, parameters, ref=ref, stages_to_skip=given.skip)
    yield f"run {number} of {given.pipeline} is started; look at it with 'python -m sandbox runs {number}'"
