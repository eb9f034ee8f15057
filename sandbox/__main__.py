"""An Azure DevOps organisation, an Entra tenant and Databricks workspaces on this machine, and the pipeline engine."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sandbox.commands import decide, demo, pipelines, reset, runs, start, up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the value is the exit code of the process."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (demo, up, start, runs, decide, reset, pipelines):
        command.add_parser(subparsers)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main())
