"""What is wrong with a file whichever way it is used: expressions that cannot be read, in losing branches too."""
from __future__ import annotations

from sandbox.pipelines.expressions import parse
from sandbox.pipelines.expressions.values import ExpressionError
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence
from sandbox.pipelines.templates.scope import PARAMETERS, VARIABLES
from sandbox.pipelines.templates.text import KEYWORDS, Directive, directive_of, has_expression, split_text

_CONTEXTS = frozenset((PARAMETERS, VARIABLES))


def check_syntax(root: Node) -> None:
    """Raise `PipelineError` for the first expression of the file that is malformed or names what is not there."""
    if not isinstance(root, Mapping):
        return
    for key, value in root.entries:
        if key.text != PARAMETERS:  # declarations have rules of their own
            _check_entry(key, value, _CONTEXTS)


def _check(node: Node, names: frozenset[str]) -> None:
    if isinstance(node, Scalar):
        _check_scalar(node, names)
    elif isinstance(node, Sequence):
        for item in node.items:
            _check(item, names)
    else:
        for key, value in node.entries:
            _check_entry(key, value, names)


def _check_entry(key: Scalar, value: Node, names: frozenset[str]) -> None:
    try:
        directive = directive_of(key.text)
    except ExpressionError as error:
        raise PipelineError(str(error), key.position) from error
    if directive is None:
        _check_scalar(key, names)
    else:
        names = _check_directive(directive, key.position, names)
    _check(value, names)


def _check_directive(directive: Directive, position: Position, names: frozenset[str]) -> frozenset[str]:
    """The names the body sees."""
    if directive.expression:
        parse(directive.expression, position, contexts=names)
    if not directive.name:
        return names
    if directive.name.lower() in names:
        message = f"The loop name '{directive.name}' hides a context or an outer loop of that name"
        raise PipelineError(message, position)
    return names | {directive.name.lower()}


def _check_scalar(node: Scalar, names: frozenset[str]) -> None:
    if not has_expression(node.text):
        return
    try:
        parts = split_text(node.text)
    except ExpressionError as error:
        raise PipelineError(str(error), node.position) from error
    for part in parts:
        if part.is_expression:
            word = part.text.split(maxsplit=1)[0] if part.text else ""
            if word in KEYWORDS and part.text != word + "()":
                raise PipelineError(_not_allowed(word, alone=len(parts) == 1), node.position)
            parse(part.text, node.position, contexts=names)


def _not_allowed(directive: str, *, alone: bool) -> str:
    if alone:
        return f"The expression directive '{directive}' is not supported in this context; it has to be a key"
    why = "Directives are not supported for expressions that are embedded within a string. "
    why += "Directives are only supported when the entire value is an expression."
    return f"The directive '{directive}' is not allowed in this context. {why}"
