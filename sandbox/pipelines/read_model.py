"""The final tree as a `Pipeline`. Whatever the run half does not model is refused with file and line."""
from __future__ import annotations

from sandbox.pipelines.fields import Fields, scalar, text_map
from sandbox.pipelines.model import (
    DEFAULT_CANCEL_MINUTES,
    DEFAULT_JOB_MINUTES,
    Expression,
    Job,
    Pipeline,
    Stage,
    Step,
    Strategy,
    VariableEntry,
)
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar
from sandbox.pipelines.pools import is_server, pool_name, pools_below
from sandbox.pipelines.read_steps import read_condition, read_steps

_LOCKS = ("", "sequential", "runLatest")
_HOOKS = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic")


def read_pipeline(root: Node) -> Pipeline:
    """The pipeline of a final tree (always in `stages:` form); raises PipelineError."""
    fields = Fields(root, "pipeline")
    fields.ignore("trigger", "pr", "schedules", "parameters", "appendCommitMessageToRunName")
    pool = pool_name(fields.node("pool"))
    _check_resources(fields.node("resources"))
    variables = _read_variables(fields.node("variables"))
    stages: list[Stage] = []
    for node in fields.items("stages"):
        stages.append(_read_stage(node, stages))
    pipeline = Pipeline(tuple(stages), variables, fields.text("name"), _lock(fields), pool)
    fields.close()
    return pipeline


def _check_resources(node: Node | None) -> None:
    if node is not None:
        fields = Fields(node, "resources block")
        fields.ignore("repositories")
        fields.close()


def _lock(fields: Fields) -> str:
    text = fields.text("lockBehavior")
    if text not in _LOCKS:
        message = f"unexpected lockBehavior '{text}', expected sequential or runLatest"
        raise PipelineError(message, fields.position)
    return text


def _read_stage(node: Node, before: list[Stage]) -> Stage:
    fields = Fields(node, "stage")
    name = fields.text("stage")
    if fields.text("trigger", "automatic") != "automatic":
        message = f"the manual trigger of stage '{name}' is not modelled by this engine"
        raise PipelineError(message, fields.position)
    default = [before[-1].name] if before and not fields.has("dependsOn") else []
    stage = Stage(
        name=name,
        display_name=fields.text("displayName") or name,
        position=fields.position,
        depends_on=tuple(fields.texts("dependsOn") or default),
        condition=read_condition(fields),
        variables=_read_variables(fields.node("variables")),
        jobs=tuple(_read_job(job) for job in fields.items("jobs")),
        lock_behavior=_lock(fields),
        is_skippable=fields.boolean("isSkippable", default=True),
        pool=pool_name(fields.node("pool")),
    )
    fields.close()
    return stage


def _read_job(node: Node) -> Job:
    fields = Fields(node, "job")
    fields.ignore("uses", "workspace")
    pool = fields.node("pool")
    on_server = is_server(pool)
    name = fields.text("deployment") if fields.has("deployment") else fields.text("job")
    strategy, hooks, hook_pools = _read_strategy(fields)
    job = Job(
        name=name,
        display_name=fields.text("displayName") or name,
        position=fields.position,
        depends_on=tuple(fields.texts("dependsOn")),
        condition=read_condition(fields),
        variables=_read_variables(fields.node("variables")),
        steps=read_steps(fields.items("steps"), on_server=on_server),
        strategy=strategy,
        hooks=hooks,
        environment=_read_environment(fields.node("environment")),
        on_server=on_server,
        pool=pool_name(pool),
        hook_pools=hook_pools,
        continue_on_error=fields.boolean("continueOnError", default=False),
        timeout_minutes=fields.number("timeoutInMinutes", DEFAULT_JOB_MINUTES),
        cancel_timeout_minutes=fields.number("cancelTimeoutInMinutes", DEFAULT_CANCEL_MINUTES),
    )
    fields.close()
    return job


def _read_environment(node: Node | None) -> str:
    if node is None or isinstance(node, Scalar):
        return node.text if node else ""
    fields = Fields(node, "deployment environment")
    name = fields.text("name")
    fields.close()
    return name


def _read_variables(node: Node | None) -> tuple[VariableEntry, ...]:
    if node is None:
        return ()
    if isinstance(node, Mapping):
        values = text_map(node, "'variables'")
        return tuple(VariableEntry(key.text, values[key.text], key.position) for key, _ in node.entries)
    if isinstance(node, Scalar):
        message = "'variables' has to be a mapping or a sequence"
        raise PipelineError(message, node.position)
    return tuple(_read_variable(item) for item in node.items)


def _read_variable(node: Node) -> VariableEntry:
    fields = Fields(node, "variable")
    group = fields.text("group")
    entry = VariableEntry(
        name=group or fields.text("name"),
        value=fields.text("value"),
        position=fields.position,
        read_only=fields.boolean("readonly", default=False),
        is_group=bool(group),
    )
    fields.close()
    return entry


def _read_strategy(job: Fields) -> tuple[Strategy, dict[str, tuple[Step, ...]], tuple[str, ...]]:
    node = job.node("strategy")
    if node is None:
        return Strategy(), {}, ()
    fields = Fields(node, "strategy")
    once = fields.node("runOnce") if job.has("deployment") else None
    matrix = fields.node("matrix")
    strategy = Strategy(
        matrix=_read_matrix(matrix) if matrix is not None else None,
        parallel=int(fields.number("parallel")),
        max_parallel=int(fields.number("maxParallel")),
    )
    fields.close()
    return strategy, _read_hooks(once) if once is not None else {}, pools_below(once)


def _read_matrix(node: Node) -> dict[str, dict[str, str]] | Expression:
    if isinstance(node, Mapping):
        return {leg.text: text_map(values, f"the leg '{leg.text}'") for leg, values in node.entries}
    return Expression(scalar(node, "'matrix'").text, node.position)


def _read_hooks(node: Node) -> dict[str, tuple[Step, ...]]:
    fields = Fields(node, "runOnce strategy")
    hooks = {hook: _read_hook(fields.node(hook), hook) for hook in _HOOKS if fields.has(hook)}
    outcome = fields.node("on")
    if outcome is not None:
        ends = Fields(outcome, "runOnce 'on' block")
        hooks |= {f"on.{end}": _read_hook(ends.node(end), end) for end in ("failure", "success") if ends.has(end)}
        ends.close()
    fields.close()
    return hooks


def _read_hook(node: Node | None, hook: str) -> tuple[Step, ...]:
    if node is None:
        return ()
    fields = Fields(node, f"'{hook}' hook")
    steps = read_steps(fields.items("steps"), on_server=is_server(fields.node("pool")))
    fields.close()
    return steps
