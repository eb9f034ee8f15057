"""What `${{ }}` can see at one place of one file: parameters, variables written so far, and loop names."""
from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sandbox.pipelines.expressions import Named, Scope, Value, parse
from sandbox.pipelines.nodes import Position
from sandbox.pipelines.repositories import Commit
from sandbox.pipelines.templates.limits import Budget

PARAMETERS, VARIABLES = "parameters", "variables"


@dataclass(frozen=True, slots=True)
class Place:
    """A file in one of the pipeline's repositories. `alias` is `self` for the entry's; `path` starts at the root."""

    alias: str
    commit: Commit
    path: str

    @property
    def shown(self) -> str:
        return f"/{self.path}" if self.alias == "self" else f"/{self.path}@{self.alias}"


class Variables(Named):
    """Compile-time variables: what the YAML has set so far, the innermost level first. Names fold case."""

    def __init__(self, values: Mapping[str, Value], outer: Variables | None = None) -> None:
        super().__init__({})
        self._levels: ChainMap[str, tuple[str, Value]] = outer._levels.new_child() if outer else ChainMap()
        for name, value in values.items():
            self.set(name, value)

    def set(self, name: str, value: Value) -> None:
        self._levels[name.casefold()] = (name, value)

    def find(self, name: str) -> Value:
        found = self._levels.get(name.casefold())
        return found[1] if found else None

    def __getitem__(self, name: str) -> Value:
        return self._levels[name.casefold()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._levels.values())

    def __len__(self) -> int:
        return len(self._levels)


@dataclass(frozen=True)
class TemplateScope:
    """`literal` marks a place whose nodes are results already: they are never read as expressions again."""

    place: Place
    parameters: Named
    variables: Variables
    budget: Budget
    loops: Mapping[str, Value] = field(default_factory=dict)
    literal: bool = False

    def evaluate(self, text: str, position: Position) -> Value:
        self.budget.add_event(position)
        contexts: dict[str, Value] = {PARAMETERS: self.parameters, VARIABLES: self.variables}
        contexts.update(self.loops)
        return parse(text, position, contexts=contexts.keys()).evaluate(Scope(contexts))

    def as_literal(self) -> TemplateScope:
        return self if self.literal else replace(self, literal=True)

    def with_loop(self, name: str, value: Value) -> TemplateScope:
        return replace(self, loops={**self.loops, name.lower(): value})

    def with_level(self, values: Mapping[str, Value] | None = None) -> TemplateScope:
        """A stage or job: what it sets is not seen outside."""
        return replace(self, variables=Variables(values or {}, self.variables))
