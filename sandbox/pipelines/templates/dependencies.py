"""Names of stages and jobs, and what they depend on, in the final pipeline."""
from __future__ import annotations

import re
from collections.abc import Sequence as AbstractSequence

from sandbox.pipelines.graph import make_graph
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence

_NAME = re.compile(r"[A-Za-z0-9_-]*")  # the pattern of the published schema


def check_dependencies(root: Mapping) -> None:
    """Refuse impossible names, names given twice, unknown dependencies and circles."""
    stages = _listed(root.get("stages"))
    make_graph("Stage", _parts(stages, ("stage",)))
    for stage in stages:
        jobs = _listed(stage.get("jobs"))
        make_graph("Job", _parts(jobs, ("job", "deployment")))
        for job in jobs:
            _check_steps(job)


def _check_steps(job: Mapping) -> None:
    """Names of steps are unique in their job, in any case."""
    known: set[str] = set()
    for step in _listed(job.get("steps")):
        node = step.get("name")
        name = _check_name(node)
        if name and node is not None and name.casefold() in known:
            message = f"Job {_text(job, 'job')}: The step name {name} appears more than once. "
            message += "Step names must be unique within a job."
            raise PipelineError(message, node.position)
        known.add(name.casefold())


def _parts(nodes: list[Mapping], keys: tuple[str, ...]) -> list[tuple[str, AbstractSequence[str], Position]]:
    found: list[tuple[str, AbstractSequence[str], Position]] = []
    for index, node in enumerate(nodes):
        name = next((_check_name(value) for key, value in node.entries if key.text in keys), "")
        needed = node.get("dependsOn")
        others = needed.items if isinstance(needed, Sequence) else []
        texts = [item.text for item in others if isinstance(item, Scalar) and item.text]
        found.append((name or f"#{index + 1}", texts, node.position))
    return found


def _check_name(node: Node | None) -> str:
    text = node.text if isinstance(node, Scalar) else ""
    if node is not None and not _NAME.fullmatch(text):
        message = f"The name '{text}' is not valid: letters, digits, '_' and '-' are allowed"
        raise PipelineError(message, node.position)
    return text


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _listed(node: Node | None) -> list[Mapping]:
    return [item for item in node.items if isinstance(item, Mapping)] if isinstance(node, Sequence) else []
