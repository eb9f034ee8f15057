"""Lets only the default branch and release tags through: whatever else is deployed would be code that nobody merged.

Reads: SOURCE_BRANCH, the full ref of the run; DEFAULT_BRANCH, the name of the branch that may be deployed.
Sets: nothing.
Changes: nothing.
"""
from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.errors import InputError
from steps.lib.settings import Reader

RELEASE_TAG = re.compile(r"refs/tags/v\d[0-9A-Za-z.+-]*")


@dataclass(frozen=True)
class Settings:
    source_branch: str
    default_branch: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(reader.text("SOURCE_BRANCH"), reader.text("DEFAULT_BRANCH").removeprefix("refs/heads/"))
        reader.check()
        return settings


def may_be_deployed(ref: str, default_branch: str) -> bool:
    """`ref` is a full one: the last part alone would let `feature/main` pass for `main`."""
    return ref == f"refs/heads/{default_branch}" or RELEASE_TAG.fullmatch(ref) is not None


def step(environ: Mapping[str, str]) -> None:
    settings = Settings.from_environ(environ)
    ref, default_branch = settings.source_branch, settings.default_branch
    if not may_be_deployed(ref, default_branch):
        message = (f"{ref}: may not be deployed, expected 'refs/heads/{default_branch}' or a release tag such as "
                   f"'refs/tags/v1.2.0'; merge it into {default_branch!r} first and run the pipeline from there")
        raise InputError([message])
    agent.info(f"{ref} may be deployed")


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
