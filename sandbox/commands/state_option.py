"""The option `--state` of every command that works on a sandbox's folder."""
from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.world.state import DEFAULT_STATE


def add_state_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", metavar="DIR", type=Path, default=DEFAULT_STATE,
                        help=f"folder that holds repositories, runs and addresses (default: {DEFAULT_STATE})")
