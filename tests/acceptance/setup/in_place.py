"""The steps of the set-up pipeline one after the other, in this process, where the pipeline is not the point."""
from __future__ import annotations

import contextlib
import io

from sandbox.world.furnish import PRODUCT
from sandbox.world.world import World
from setup import check_access, copy_files, create_pipelines
from steps.lib import agent
from tests.set_up import set_up_environ


def ended_with(world: World, code: int, repository: str = PRODUCT) -> str:
    """What the steps print until one of them fails, which is to be with this exit code."""
    environ = set_up_environ(world, repository, COPY_FILES="True", CREATE_PIPELINES="True")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        codes = (agent.run(step, environ) for step in (check_access.step, copy_files.step, create_pipelines.step))
        failed = next((one for one in codes if one), 0)
    assert failed == code, printed.getvalue()
    return printed.getvalue()
