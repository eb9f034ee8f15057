"""Steps of the final tree, each checked against the tasks the engine has."""
from __future__ import annotations

from sandbox.pipelines.fields import Fields, scalar
from sandbox.pipelines.model import Expression, Step, Target
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar
from sandbox.pipelines.tasks.catalogue import canonical_task, default_display_name, find_task

MAX_RETRIES = 10


def read_steps(nodes: list[Node], *, on_server: bool = False) -> tuple[Step, ...]:
    """The steps of one job; raises PipelineError for a task the engine does not have or that cannot run there."""
    steps = tuple(_read_step(node) for node in nodes)
    for step in steps:
        _check_place(step, on_server=on_server)
    names = [step.name.lower() for step in steps if step.name]
    for step in steps:
        if step.name and names.count(step.name.lower()) > 1:
            message = f"the step name '{step.name}' appears more than once in its job"
            raise PipelineError(message, step.position)
    return steps


def read_condition(fields: Fields) -> Expression | None:
    node = fields.node("condition")
    if node is None:
        return None
    text = scalar(node, f"'condition' of a {fields.what}").text.strip()
    return Expression(text, node.position) if text else None


def _read_step(node: Node) -> Step:
    fields = Fields(node, "step")
    task = canonical_task(fields.text("task"))
    inputs = fields.text_map("inputs")
    _check_task(task, inputs, fields)
    step = Step(
        task=task,
        name=fields.text("name"),
        display_name=fields.text("displayName") or default_display_name(task, inputs),
        inputs={name.lower(): value for name, value in inputs.items()},
        env=fields.text_map("env"),
        position=fields.position,
        condition=read_condition(fields),
        enabled=fields.boolean("enabled", default=True),
        continue_on_error=fields.boolean("continueOnError", default=False),
        timeout_minutes=fields.number("timeoutInMinutes"),
        retries=min(int(fields.number("retryCountOnTaskFailure")), MAX_RETRIES),
        target=_read_target(fields.node("target")),
    )
    fields.close()
    return step


def _check_place(step: Step, *, on_server: bool) -> None:
    task = find_task(step.task)
    if task is None or task.on_server == on_server:
        return
    where = "needs an agent" if on_server else "only runs in a job with 'pool: server'"
    message = f"the task '{step.task}' {where}"
    raise PipelineError(message, step.position)


def _check_task(name: str, inputs: dict[str, str], fields: Fields) -> None:
    task = find_task(name)
    if task is None:
        message = f"the task '{name}' is not modelled by this engine"
        raise PipelineError(message, fields.position)
    for key in inputs:
        if not task.takes(key):
            message = f"the input '{key}' of the task '{name}' is not modelled by this engine"
            raise PipelineError(message, fields.position)
    given = {key.lower() for key in inputs}
    for key in task.required:
        if key.lower() not in given:
            message = f"the task '{name}' is missing its required input '{key}'"
            raise PipelineError(message, fields.position)


def _read_target(node: Node | None) -> Target:
    if node is None:
        return Target()
    if isinstance(node, Scalar):
        node = Mapping([(Scalar("container", node.position), node)], node.position)
    fields = Fields(node, "target")
    container = fields.text("container", "host")
    if container != "host":
        message = f"the step target '{container}' is not modelled by this engine: there are no containers"
        raise PipelineError(message, fields.position)
    restricted = fields.text("commands", "any").lower() == "restricted"
    settable = tuple(fields.texts("settableVariables")) if fields.has("settableVariables") else None
    fields.close()
    return Target(restricted, () if settable == ("none",) else settable)
