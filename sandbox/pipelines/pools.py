"""Agent pools that jobs ask for: what `pool:` says, which jobs it counts for, and whether the pipeline may use it."""
from __future__ import annotations

from collections.abc import Iterator

from sandbox.pipelines.environment_names import EnvironmentNames
from sandbox.pipelines.model import Job, Pipeline, Stage
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar
from sandbox.pipelines.request import RunRequest

HOSTED = "Azure Pipelines"
_SERVER = "server"


def is_server(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text == _SERVER


def pool_name(node: Node | None) -> str:
    """The pool that a `pool:` names; an image is of the hosted one, and `server` needs none."""
    if isinstance(node, Scalar):
        return "" if node.text == _SERVER else node.text
    if not isinstance(node, Mapping):
        return ""
    name = node.get("name")
    return name.text if isinstance(name, Scalar) and name.text else HOSTED


def pools_below(node: Node | None) -> tuple[str, ...]:
    """Those of the hooks of a deployment strategy, wherever they stand in it."""
    return tuple(dict.fromkeys(_below(node)))


def pools_of(pipeline: Pipeline, stage: Stage) -> tuple[str, ...]:
    """Each pool that a job of `stage` asks for, once; names may hold variables as those of environments do."""
    return EnvironmentNames(pipeline.variables).expanded(
        name for job in stage.jobs for name in _asked(pipeline, stage, job))


def check_pools(pipeline: Pipeline, request: RunRequest) -> None:
    """Refuse a pool that is not there, where the request says which ones are."""
    if request.queues is None:
        return
    known = {name.casefold() for name in request.queues}
    for stage in pipeline.stages:
        for name in pools_of(pipeline, stage):
            if name.casefold() not in known:
                message = (f"Could not find a pool with name {name}. The pool does not exist or has not been "
                           f"authorized for use")
                raise PipelineError(message, stage.position)


def _asked(pipeline: Pipeline, stage: Stage, job: Job) -> Iterator[str]:
    if not job.on_server:
        yield job.pool or stage.pool or pipeline.pool or HOSTED
    yield from job.hook_pools


def _below(node: Node | None) -> Iterator[str]:
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if key.text == "pool":
            if name := pool_name(value):
                yield name
        elif key.text != "steps":
            yield from _below(value)
