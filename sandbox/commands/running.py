"""How commands reach a sandbox that is up: by what it wrote into its state folder."""
from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from sandbox.display.devops_rest import DevopsRest


class NotRunningError(SandboxError):
    """There is no sandbox to talk to."""


def devops(state: Path, token: str = "token") -> DevopsRest:  # noqa: S107 - the name of a field
    """The organisation of the sandbox of `state`, for the person whose token stands in the field `token`."""
    from sandbox.display.devops_rest import DevopsRest
    from sandbox.world.addresses import ADDRESSES

    path = state / ADDRESSES
    try:
        place: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["azure_devops"]
    except FileNotFoundError as error:
        message = f"no sandbox is up in {state}; start one with 'python -m sandbox up', or name its folder with --state"
        raise NotRunningError(message) from error
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path}: does not say where the sandbox is ({error}); end the sandbox and start it again"
        raise NotRunningError(message) from error
    return DevopsRest(place["url"], place["project"], place[token])


def printing(lines: Callable[[argparse.Namespace], Iterable[str]]) -> Callable[[argparse.Namespace], int]:
    """A command that prints `lines`, disarmed for a terminal; exit code 1 with a sentence where that goes wrong."""
    def run(given: argparse.Namespace) -> int:
        try:
            for line in lines(given):
                sys.stdout.write("".join(char if char.isprintable() else char.encode("unicode_escape").decode()
                                         for char in line) + "\n")
        except SandboxError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        return 0

    return run
