"""From the layers of variables to those of one job, and `$[ ]` values on the way."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.pipelines.conditions import Contexts, runtime_expression, runtime_value, variables_context
from sandbox.pipelines.counts import Count
from sandbox.pipelines.expressions import Function, Value, to_text
from sandbox.pipelines.model import VariableEntry
from sandbox.pipelines.nodes import PipelineError, Position
from sandbox.pipelines.request import RunRequest, Variable
from sandbox.pipelines.variables import Entry, Variables


class ScopeBuilder:
    """Adds one layer of `variables:` after the other; within a layer and between them the last one wins."""

    def __init__(self, request: RunRequest, count: Count) -> None:
        self._groups = {name.casefold(): group for name, group in request.variable_groups.items()}
        self.secret_outputs: set[str] = set()
        self._functions = {"counter": Function(1, 2, lambda values: _count(count, values))}

    def start(self, predefined: Mapping[str, str], queued: Mapping[str, Variable]) -> Variables:
        """The lowest layer: what every run has, then what was set at queue time or on the settings page."""
        variables = Variables()
        for name, value in predefined.items():
            variables.define(Entry(name, value, read_only=True))
        for name, variable in queued.items():
            variables.define(Entry(name, variable.value, variable.secret))
        return variables

    def add(self, variables: Variables, layer: Sequence[VariableEntry], contexts: Contexts) -> None:
        """Put `layer` on top of `variables`. Raises PipelineError for an unknown group or a bad expression."""
        for entry in layer:
            if entry.is_group:
                self._add_group(variables, entry)
                continue
            value = self._value(variables, entry, contexts)
            secret = runtime_expression(entry.value) is not None and self._shows_secret(variables, value)
            variables.define(Entry(entry.name, value, secret, entry.read_only))

    def check_groups(self, layer: Sequence[VariableEntry]) -> None:
        for entry in layer:
            if entry.is_group:
                self._group(entry.name, entry.position)

    def _add_group(self, variables: Variables, entry: VariableEntry) -> None:
        for name, variable in self._group(entry.name, entry.position).items():
            variables.define(Entry(name, variable.value, variable.secret))

    def _group(self, name: str, position: Position) -> Mapping[str, Variable]:
        group = self._groups.get(name.casefold())
        if group is None:
            message = (f"Variable group {name} could not be found. The variable group does not exist or has not been "
                       f"authorized for use")
            raise PipelineError(message, position)
        return group

    def _shows_secret(self, variables: Variables, value: str) -> bool:
        """A `$[ ]` value that has a secret in it, or a secret output of another job, is one itself."""
        known = [other.value for other in variables if other.secret]
        return any(one and one in value for one in [*known, *self.secret_outputs])

    def _value(self, variables: Variables, entry: VariableEntry, contexts: Contexts) -> str:
        text = runtime_expression(entry.value)
        if text is None:
            return entry.value
        seen = {**contexts, "variables": variables_context(variables)}
        return runtime_value(text, entry.position, seen, self._functions)


def _count(count: Count, values: Sequence[Value]) -> Value:
    prefix = to_text(values[0]).casefold()
    seed = _seed(to_text(values[1])) if len(values) > 1 else 0
    return str(count(prefix, seed))


def _seed(text: str) -> int:
    try:
        return int(text or 0)
    except ValueError:
        message = f"the seed of counter() is {text!r}, expected a whole number"
        raise PipelineError(message) from None
