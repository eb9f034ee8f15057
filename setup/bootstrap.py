"""Readies an organization for the pipeline library: variable groups and their guards, the set-up pipeline, permissions.

    python -m setup.bootstrap --plan [FILE]      says what there is, what would be done, and what only a person can do
    python -m setup.bootstrap --apply [FILE]     does it

Reads: FILE (bootstrap.json; setup/bootstrap.example.json shows one), a credential of Azure DevOps in the environment
    (docs/authentication.md), and secrets to store: BRICKLINE_<NAME>_CLIENT_SECRET for LOCAL, DEV, TEST, PROD, SETUP.
Changes: variable groups brickline-*, their checks and pipeline permissions, the pipeline that sets repositories up,
    and permissions of its principal. Nothing of anybody else.
"""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from setup.lib.bootstrap.carry_out import carry_out
from setup.lib.bootstrap.inputs import read_inputs
from setup.lib.bootstrap.site import Site, open_site
from setup.lib.bootstrap.tasks import Task
from steps.lib import agent
from steps.lib.azure_devops.connection import connect
from steps.lib.azure_devops.errors import Conflict
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.errors import ServiceError
from steps.lib.wording import counted

# What hangs on something new is planned once that is there: groups first, then their guards and permissions.
_ROUNDS = 3


def bootstrap(environ: Mapping[str, str], file: Path, *, apply: bool, clock: Clock = SYSTEM_CLOCK) -> None:
    inputs = read_inputs(file, environ)
    with connect(inputs.organization_url, environ, clock) as azure_devops:
        site = open_site(azure_devops, inputs)
        tasks = site.tasks()
        show(tasks)
        if apply:
            tasks = _applied(site, tasks)
    _summarise(tasks, apply=apply)


def show(tasks: list[Task]) -> None:
    for task in tasks:
        agent.info(f"{task.thing}: {task.found}")
        if task.todo:
            agent.info(f"    to do: {task.todo}")
        if task.by_hand:
            agent.info(f"    by hand: {task.by_hand}")


def _applied(site: Site, tasks: list[Task]) -> list[Task]:
    """The tasks that are left when everything that can be done was done."""
    for _ in range(_ROUNDS):
        doable = [task for task in tasks if task.action]
        if not doable:
            break
        agent.info()
        for task in doable:
            agent.info(f"{task.thing}: {task.todo}")
            assert task.action is not None  # noqa: S101 - chosen for it
            try:
                carry_out(site.azure_devops, task.action)
            except Conflict:
                agent.info("    is there meanwhile, made by somebody else; looking at it again")
        tasks = site.tasks()
    return tasks


def _summarise(tasks: list[Task], *, apply: bool) -> None:
    done = sum(task.is_done for task in tasks)
    todo = sum(bool(task.todo) for task in tasks)
    by_hand = [task for task in tasks if task.by_hand]
    agent.info()
    waiting = f"{counted(todo, 'thing')} to do" if todo else "nothing to do"
    agent.info(f"{done} of {counted(len(tasks), 'thing')} as needed, {waiting}, {len(by_hand)} by hand")
    if apply and by_hand:
        agent.info("left for a person:")
        for task in by_hand:
            agent.info(f"  {task.thing}: {task.by_hand}")
    if apply and todo:
        message = f"{counted(todo, 'thing')} did not become as needed, as the list says; run bootstrap again"
        raise ServiceError(message)


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    assert __doc__ is not None  # noqa: S101 - above
    parser = argparse.ArgumentParser(prog="python -m setup.bootstrap", description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=Path("bootstrap.json"), metavar="FILE")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--plan", action="store_true", help="say what there is and what would be done")
    what.add_argument("--apply", action="store_true", help="do it")
    chosen = parser.parse_args(arguments)
    return agent.run_at_terminal(lambda given: bootstrap(given, chosen.file, apply=chosen.apply), environ)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
