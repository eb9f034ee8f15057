"""Whoever an organisation tells of what happens in it, and whom it asks to sign."""
from __future__ import annotations

from collections.abc import Callable

from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.errors import SandboxError
from sandbox.pipelines.request import RunListener

Watch = Callable[[Run], "RunListener | None"]
OnPush = Callable[[Push, list[RunOrder]], None]
IssueToken = Callable[[str, str], str]
"""A token of an issuer for a subject, which an Entra tenant takes in place of a secret."""


def nobody(_: Run) -> RunListener | None:
    """Watches no run."""
    return None


def no_tenant(_: str, __: str) -> str:
    """There is no Entra tenant to sign anything."""
    message = "this organisation has no Entra tenant that signs tokens of service connections"
    raise SandboxError(message)


def nothing(_: Push, __: list[RunOrder]) -> None:
    """Does nothing about a push."""
