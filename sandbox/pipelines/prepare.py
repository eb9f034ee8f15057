"""Everything that can be wrong with a pipeline is found here, before any step runs."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from sandbox.pipelines.admitted_groups import admitted
from sandbox.pipelines.conditions import check_condition, pipeline_context
from sandbox.pipelines.environment_names import check_environments
from sandbox.pipelines.expressions import Named
from sandbox.pipelines.graph import Graph, make_graph, without
from sandbox.pipelines.masking import masker_of
from sandbox.pipelines.model import Pipeline
from sandbox.pipelines.nodes import PipelineError, Position
from sandbox.pipelines.pools import check_pools
from sandbox.pipelines.predefined import compile_time, run_time
from sandbox.pipelines.read_model import read_pipeline
from sandbox.pipelines.request import RunRequest
from sandbox.pipelines.scopes import ScopeBuilder
from sandbox.pipelines.stage_run import StageRun, tell_apart
from sandbox.pipelines.templates import Expanded, expand
from sandbox.pipelines.variables import Variables


@dataclass(frozen=True)
class Prepared:
    """A pipeline that may start: nothing in it is unknown to the engine. `skipped` are the stages not chosen."""

    pipeline: Pipeline
    expanded: Expanded
    stages: Mapping[str, StageRun]
    graph: Graph
    skipped: tuple[str, ...]
    scopes: ScopeBuilder
    predefined: Mapping[str, str]
    variables: Variables
    start: datetime


def prepare(request: RunRequest) -> Prepared:
    """Expand, read and check. Raises PipelineError with file and line."""
    start = datetime.now(timezone.utc)
    expanded = expand(request.entry, request.repositories, request.commit, parameters=request.parameters,
                      predefined=compile_time(request))
    request = replace(request, variable_groups=admitted(request, expanded.repositories))
    pipeline = read_pipeline(expanded.root)
    graph = make_graph("Stage", [(one.name, one.depends_on, one.position) for one in pipeline.stages])
    stages = {stage.name: StageRun(stage) for stage in pipeline.stages}
    tell_apart(stages.values())
    scopes = ScopeBuilder(request, request.count)
    _check_stages(pipeline, scopes)
    check_environments(pipeline, request)
    check_pools(pipeline, request)
    predefined = run_time(request)
    variables = scopes.start(predefined, request.variables)
    try:
        scopes.add(variables, pipeline.variables, {"pipeline": pipeline_context(start), "resources": Named({})})
    except PipelineError as error:
        raise PipelineError(masker_of(variables).mask(str(error))) from error
    skipped = _deselected(request, pipeline)
    chosen = {name: stage for name, stage in stages.items() if name not in skipped}
    return Prepared(pipeline, expanded, chosen, without(graph, skipped), skipped, scopes,
                    predefined, variables, start)


def _check_stages(pipeline: Pipeline, scopes: ScopeBuilder) -> None:
    scopes.check_groups(pipeline.variables)
    for stage in pipeline.stages:
        check_condition(stage.condition)
        scopes.check_groups(stage.variables)
        for job in stage.jobs:
            check_condition(job.condition)
            scopes.check_groups(job.variables)


def _deselected(request: RunRequest, pipeline: Pipeline) -> tuple[str, ...]:
    """The stages that were not chosen at queue time; their dependents take over what they depended on."""
    if not request.stages:
        return ()
    wanted = {name.casefold() for name in request.stages}
    unknown = wanted - {stage.name.casefold() for stage in pipeline.stages}
    if unknown:
        message = f"the run asks for unknown stages: {', '.join(sorted(unknown))}"
        raise PipelineError(message, Position(request.entry, 1, 1))
    skipped = [stage for stage in pipeline.stages if stage.name.casefold() not in wanted]
    for stage in skipped:
        if not stage.is_skippable:
            message = f"stage {stage.name} cannot be skipped"
            raise PipelineError(message, stage.position)
    return tuple(stage.name for stage in skipped)
