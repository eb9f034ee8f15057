"""python -m sandbox: the embedded organisation, tenant and workspaces, and the pipeline engine on its own."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sandbox.commands import demo, pipelines, reset, up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the value is the exit code of the process."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (demo, up, reset, pipelines):
        command.add_parser(subparsers)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main())
