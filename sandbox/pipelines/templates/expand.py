"""The entry file and everything it includes, as the final pipeline."""
from __future__ import annotations

import json
import sys
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass

from sandbox.pipelines.expressions import Named, plain
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, misplaced
from sandbox.pipelines.repositories import Commit, Repositories
from sandbox.pipelines.templates.canonical import canonical
from sandbox.pipelines.templates.check import check_final
from sandbox.pipelines.templates.declarations import TEXT_TYPES, read_declarations
from sandbox.pipelines.templates.dependencies import check_dependencies
from sandbox.pipelines.templates.document import load_document
from sandbox.pipelines.templates.expansion import Entry, entries, mapping_of
from sandbox.pipelines.templates.files import SELF, TemplateFiles
from sandbox.pipelines.templates.limits import Budget
from sandbox.pipelines.templates.parameters import bind, given_from
from sandbox.pipelines.templates.predefined import available
from sandbox.pipelines.templates.resources import RESOURCES, expand_resources, merged_resources
from sandbox.pipelines.templates.scope import PARAMETERS, Place, TemplateScope, Variables
from sandbox.pipelines.templates.shapes import IGNORED_IN_TEMPLATES, SHAPES
from sandbox.pipelines.templates.slots import check_slots
from sandbox.pipelines.templates.structure import Structure, without_parameters

_STACK = 10_000  # frames enough for the greatest depth the limits allow
_EXTENDS = "extends"


@dataclass(frozen=True)
class Expanded:
    """`root` is canonical: directives gone, always in `stages:` form. `repositories` maps each alias to its commit."""

    root: Mapping
    repositories: dict[str, Commit]
    parameters: dict[str, object]


def expand(
    entry: str,
    repositories: Repositories,
    commit: Commit,
    *,
    parameters: AbstractMapping[str, object],
    predefined: AbstractMapping[str, str],
) -> Expanded:
    """The final pipeline of the file `entry` of `commit`. Raises `PipelineError` with file, line and column."""
    sys.setrecursionlimit(max(_STACK, sys.getrecursionlimit()))  # not lowered again: other threads may expand too
    try:
        return _expand(entry, repositories, commit, parameters, predefined)
    except RecursionError as error:
        message = "Maximum object depth exceeded"
        raise PipelineError(message, Position(f"/{entry.lstrip('/')}", 1, 1)) from error


def _expand(
    entry: str,
    repositories: Repositories,
    commit: Commit,
    parameters: AbstractMapping[str, object],
    predefined: AbstractMapping[str, str],
) -> Expanded:
    budget = Budget()
    files = TemplateFiles(repositories, commit, budget)
    place = Place(SELF, commit, entry.lstrip("/"))
    document = files.read(place, Position(place.shown, 1, 1))
    structure = Structure(files)
    start = TemplateScope(place, Named({}), Variables(available(predefined)), budget, literal=True)
    given = given_from(_queued(document, parameters, start), document.position, structure.part, is_entry=True)
    bound = bind(document.get(PARAMETERS), given, start)
    scope = TemplateScope(place, bound, start.variables, budget)
    found = _Root(structure, files).entries_of(document, scope, is_entry=True)
    root = canonical(mapping_of(iter(merged_resources(found)), document))
    check_final(root)
    check_slots(root)
    check_dependencies(root)
    return Expanded(root, files.commits, {name: plain(value) for name, value in bound.items()})


class _Root:
    """The keys of the entry file, with those of the template it extends in their place."""

    def __init__(self, structure: Structure, files: TemplateFiles) -> None:
        self._structure = structure
        self._files = files
        self._resources: dict[int, Node] = {}

    def entries_of(self, document: Mapping, scope: TemplateScope, *, is_entry: bool) -> list[tuple[Scalar, Node]]:
        resources = document.get(RESOURCES)
        if resources is not None:
            self._files.await_aliases(lambda: self._expand_resources(resources, scope))
        found: list[tuple[Scalar, Node]] = []
        for entry in entries(without_parameters(document), scope):
            found += self._entry(entry, is_entry=is_entry)
        return found

    def _entry(self, entry: Entry, *, is_entry: bool) -> list[tuple[Scalar, Node]]:
        key = entry.key
        if key.text not in SHAPES["pipeline"]:
            message = f"Unexpected value '{key.text}'"
            raise PipelineError(message, key.position)
        if key.text in IGNORED_IN_TEMPLATES and not is_entry:
            return []
        if key.text == RESOURCES:
            self._expand_resources(entry.node, entry.scope)
            return [(key, self._resources[id(entry.node)])]
        if key.text == _EXTENDS:
            return self._extended(entry)
        return [(key, self._structure.value("pipeline", entry))]

    def _extended(self, entry: Entry) -> list[tuple[Scalar, Node]]:
        if not isinstance(entry.node, Mapping):
            raise misplaced(entry.node, "a mapping")
        with entry.scope.budget.deeper(entry.key.position):
            document, scope = self._structure.included(entry.node, entry.scope)
            return self.entries_of(document, scope, is_entry=False)

    def _expand_resources(self, node: Node, scope: TemplateScope) -> None:
        if id(node) not in self._resources:
            self._resources[id(node)] = expand_resources(node, scope, self._files)


def _queued(document: Mapping, parameters: AbstractMapping[str, object], scope: TemplateScope) -> list[Entry]:
    """Queue-time values: text, which is JSON or YAML where the parameter is no scalar."""
    declared = document.get(PARAMETERS)
    if isinstance(declared, Mapping):
        raise misplaced(declared, "a sequence")
    kinds = {item.name.casefold(): item.kind for item in read_declarations(declared, is_entry=True)}
    found: list[Entry] = []
    for name, value in parameters.items():
        at = Position(f"<parameter {name}>", 1, 1)
        text = value if isinstance(value, str) else json.dumps(value)
        scalar = kinds.get(name.casefold(), "string") in (*TEXT_TYPES, "number", "boolean")
        node: Node = Scalar(text, at, plain=False) if scalar else load_document(text.encode(), at.file)
        found.append(Entry(Scalar(name, at), node, scope))
    return found
