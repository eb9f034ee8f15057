"""Which pipelines a push starts: decided by the pushed branch's own YAML, as on the service."""
from __future__ import annotations

from collections.abc import Iterable

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.pipelines.final import to_data
from sandbox.pipelines.nodes import Mapping, Node, PipelineError
from sandbox.pipelines.templates.document import load_document
from sandbox.pipelines.triggers import is_batched, is_triggered


def orders_for(push: Push, repository: BareRepository, pipelines: Iterable[Pipeline]) -> list[RunOrder]:
    """A run for each pipeline whose YAML is in the pushed commit and whose trigger fits what was pushed."""
    if push.skips_ci:
        return []
    orders = (_order(push, pipeline, repository.read(push.new, pipeline.yaml_path)) for pipeline in pipelines)
    return [order for order in orders if order]


def _order(push: Push, pipeline: Pipeline, content: bytes | None) -> RunOrder | None:
    if content is None:
        return None
    try:
        trigger = _trigger(load_document(content, pipeline.yaml_path))
        wanted, batch = is_triggered(trigger, push.ref, push.changed_paths), is_batched(trigger)
    except (PipelineError, ValueError):
        wanted, batch = True, False  # as on the service: a run that fails at once shows what is wrong with the YAML
    reason = "BatchedCI" if batch else "IndividualCI"
    return RunOrder(pipeline, push.ref, push.new, reason, push.pusher, batch) if wanted else None


def _trigger(document: Node) -> object:
    node = document.get("trigger") if isinstance(document, Mapping) else None
    return (to_data(node) or None) if node else None
