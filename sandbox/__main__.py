"""An Azure DevOps organisation, an Entra tenant and Databricks workspaces on this machine, and the pipeline engine."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sandbox.commands import decide, demo, pipelines, reset, runs, start, up

_OLDEST = (3, 10)
_WHAT_TO_DO = "run 'make install' once, then '. .venv/bin/activate'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the value is the exit code of the process."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (demo, up, start, runs, decide, reset, pipelines):
        command.add_parser(subparsers)
    chosen = parser.parse_args(arguments)
    if sys.version_info < _OLDEST:
        sys.stderr.write(f"Python: got {sys.version_info[0]}.{sys.version_info[1]}, expected 3.10 or newer; "
                         f"{_WHAT_TO_DO}\n")
        return 1
    try:
        return int(chosen.run(chosen))
    except ModuleNotFoundError as error:
        # What is ours is there, or else it is a bug.
        if error.name is None or error.name.partition(".")[0] == __package__:
            raise
        sys.stderr.write(f"{sys.executable}: has no package {error.name!r}, which the sandbox needs; {_WHAT_TO_DO}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
