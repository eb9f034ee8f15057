"""Dependencies between stages, or between the jobs of a stage."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.pipelines.nodes import PipelineError, Position

Graph = Mapping[str, Sequence[str]]
"""What each name depends on directly. Names fold case, so all are kept as written in the definition."""


def make_graph(kind: str, parts: Sequence[tuple[str, Sequence[str], Position]]) -> dict[str, tuple[str, ...]]:
    """The graph of (name, depends on, position); refuses duplicates, unknown names and cycles."""
    written: dict[str, str] = {}
    for name, _, position in parts:
        if name.casefold() in written:
            message = f"{kind} name {name} appears more than once"
            raise PipelineError(message, position)
        written[name.casefold()] = name
    for name, needed, position in parts:
        for other in needed:
            if other.casefold() not in written:
                message = f"{kind} {name} depends on unknown {kind.lower()} {other}"
                raise PipelineError(message, position)
    graph = {name: tuple(written[other.casefold()] for other in needed) for name, needed, _ in parts}
    _refuse_cycles(kind, graph, {name: position for name, _, position in parts})
    return graph


def ancestors(graph: Graph, name: str) -> list[str]:
    """Everything `name` depends on, directly or not."""
    found: dict[str, None] = {}
    waiting = list(graph[name])
    while waiting:
        other = waiting.pop()
        if other not in found:
            found[other] = None
            waiting.extend(graph[other])
    return list(found)


def without(graph: Graph, removed: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The graph where who depended on something removed depends on what that depended on."""
    def kept(needed: Sequence[str]) -> list[str]:
        return [one for other in needed for one in (kept(graph[other]) if other in removed else [other])]

    return {name: tuple(dict.fromkeys(kept(needed))) for name, needed in graph.items() if name not in removed}


def _refuse_cycles(kind: str, graph: Graph, positions: Mapping[str, Position]) -> None:
    followers: dict[str, list[str]] = {name: [] for name in graph}
    for name, needed in graph.items():
        for other in dict.fromkeys(needed):
            followers[other].append(name)
    left = {name: len(set(needed)) for name, needed in graph.items()}
    ready = [name for name, count in left.items() if not count]
    while ready:
        done = ready.pop()
        del left[done]
        for name in followers[done]:
            left[name] -= 1
        ready += [name for name in followers[done] if not left[name]]
    if left:
        name = next(iter(left))
        message = f"{kind} {name} is part of, or waits for, a circle of dependencies: {', '.join(left)}"
        raise PipelineError(message, positions[name])
