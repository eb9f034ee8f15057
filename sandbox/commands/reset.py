"""python -m sandbox reset: empties the state folder."""
from __future__ import annotations

import argparse
import sys

from sandbox.commands.state_option import add_state_option
from sandbox.world.state import State, StateError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("reset", help="empty the state folder; refused while the sandbox is up")
    add_state_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        State(arguments.state).empty()
    except StateError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{arguments.state}: cannot be emptied: {error}; let this user write there\n")
        return 1
    sys.stdout.write(f"{arguments.state} is empty; the next 'python -m sandbox up' starts fresh\n")
    return 0
