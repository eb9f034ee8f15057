"""`resources:`: expanded like the rest, except that its list of repositories is fixed before anything is evaluated."""
from __future__ import annotations

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar, Sequence
from sandbox.pipelines.templates.expansion import expand_node
from sandbox.pipelines.templates.files import SELF, TemplateFiles
from sandbox.pipelines.templates.scope import TemplateScope
from sandbox.pipelines.templates.text import directive_of, has_expression

RESOURCES = "resources"
_TYPES = ("git", "github", "githubenterprise", "bitbucket")
_DEFAULT_REF = "refs/heads/main"


def expand_resources(node: Node, scope: TemplateScope, files: TemplateFiles) -> Node:
    """The final `resources`; every repository's alias is known to `files` afterwards."""
    repositories = node.get("repositories") if isinstance(node, Mapping) else None
    if repositories is not None:
        _refuse_directives(repositories)
    result = expand_node(node, scope)
    found = result.get("repositories") if isinstance(result, Mapping) else None
    for item in found.items if isinstance(found, Sequence) else []:
        if isinstance(item, Mapping):
            _bind(item, files)
    return result


def merged_resources(entries: list[tuple[Scalar, Node]]) -> list[tuple[Scalar, Node]]:
    """`entries` with the `resources` of the entry file and of the templates it extends as one."""
    found = [value for key, value in entries if key.text == RESOURCES and isinstance(value, Mapping)]
    if len(found) < 2:
        return entries
    kinds: dict[str, tuple[Scalar, list[Node]]] = {}
    for key, value in (pair for mapping in found for pair in mapping.entries):
        kinds.setdefault(key.text, (key, []))[1].extend(value.items if isinstance(value, Sequence) else [value])
    merged = Mapping([(key, Sequence(items, key.position)) for key, items in kinds.values()], found[0].position)
    first = next(key for key, _ in entries if key.text == RESOURCES)
    return [(first, merged), *(pair for pair in entries if pair[0].text != RESOURCES)]


def _bind(item: Mapping, files: TemplateFiles) -> None:
    alias, name, ref = (_text(item.get(key)) for key in ("repository", "name", "ref"))
    if not alias:
        message = "A repository resource needs an alias: 'repository'"
        raise PipelineError(message, item.position)
    if alias.casefold() == SELF:
        return
    if not name:
        message = f"The repository resource '{alias}' needs a 'name'"
        raise PipelineError(message, item.position)
    _check_type(item)
    files.add_alias(alias, name, ref or _DEFAULT_REF, item.position)


def _check_type(item: Mapping) -> None:
    node = item.get("type")
    if node is not None and _text(node).lower() not in _TYPES:
        message = f"Unexpected value '{_text(node)}'; expected one of {', '.join(_TYPES)}"
        raise PipelineError(message, node.position)


def _refuse_directives(node: Node) -> None:
    message = "A template expression is not allowed in this context"
    if isinstance(node, Scalar) and has_expression(node.text):
        raise PipelineError(message, node.position)
    for item in node.items if isinstance(node, Sequence) else []:
        if not isinstance(item, Mapping):
            _refuse_directives(item)
            continue
        for key, value in item.entries:
            if directive_of(key.text) or has_expression(key.text):
                raise PipelineError(message, key.position)
            if key.text == "name" and isinstance(value, Scalar) and has_expression(value.text):
                raise PipelineError(message, value.position)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
