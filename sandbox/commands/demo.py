"""python -m sandbox demo: plays the product's story against fresh state."""
from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("demo", help="play the story: a push becomes a cluster, a merge becomes jobs")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    from sandbox.demo.story import play

    return play()
