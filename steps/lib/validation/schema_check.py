"""Checks a config file against its JSON Schema and says what is wrong in our words, one finding for each mistake.

The only module that loads jsonschema, which is slow to import: only `validate_config` uses it.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.located_json import Document
from steps.lib.validation.pruned import without
from steps.lib.validation.schema_words import SENTENCES, missing, unknown_field
from steps.lib.wording import got, names

SCHEMAS = Path(__file__).parents[2] / "schemas"


@dataclass(frozen=True)
class Checked:
    """`sound` is the document without what is wrong: rules over several files can still be checked on the rest."""

    sound: Document
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Mistake:
    finding: Finding
    wrong: JsonPath


def check(document: Document, schema: str) -> Checked:
    """Every mistake of `document` by `steps/schemas/<schema>.schema.json`, sorted."""
    errors = _validator(schema).iter_errors(document.data)
    mistakes = [mistake for error in errors for mistake in _mistakes(document, error)]
    sound = without(document, [mistake.wrong for mistake in mistakes])
    return Checked(sound, tuple(sorted({mistake.finding for mistake in mistakes})))


@cache
def _validator(schema: str) -> Draft202012Validator:
    contents = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.schema.json")}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(content)) for name, content in contents.items())
    return Draft202012Validator(contents[f"{schema}.schema.json"], registry=registry)


def _mistakes(document: Document, error: ValidationError) -> Iterator[_Mistake]:
    path, rule = tuple(error.absolute_path), cast("Any", error.validator_value)
    if error.validator == "additionalProperties":
        known = cast("dict[str, Any]", error.schema).get("properties", {})
        for key in [key for key in cast("Any", error.instance) if key not in known]:
            yield _Mistake(document.finding((*path, key), unknown_field(key, known)), (*path, key))
    elif error.validator in ("anyOf", "oneOf"):
        yield from _of_alternatives(document, error)
    elif error.validator == "required":
        for key in [key for key in rule if key not in cast("Any", error.instance)]:
            yield _Mistake(document.finding(path, missing(key)), path)
    else:
        yield _Mistake(document.finding(path, _sentence(error)), path)


def _of_alternatives(document: Document, error: ValidationError) -> Iterator[_Mistake]:
    """The mistakes in the one branch that was meant, which the type of the value tells."""
    branches, instance = list(cast("Any", error.validator_value)), cast("Any", error.instance)
    path = tuple(error.absolute_path)
    if all(branch.keys() == {"required"} for branch in branches):
        if not isinstance(instance, dict):
            return  # Its type is told already.
        keys = [branch["required"][0] for branch in branches]
        written = [key for key in keys if key in instance]
        problem = f"got {names(written) or 'none'}, expected exactly one of {names(keys)}"
        yield _Mistake(document.finding(path, problem), path)
        return
    meant = [index for index, branch in enumerate(branches) if _is_type(instance, branch.get("type"))]
    if not meant:
        expected = " or ".join(_type_words(branch.get("type")) for branch in branches)
        yield _Mistake(document.finding(path, f"got {got(instance)}, expected {expected}"), path)
    for inner in error.context or ():
        if inner.schema_path and inner.schema_path[0] in meant:
            yield from _mistakes(document, inner)


def _sentence(error: ValidationError) -> str:
    schema = cast("dict[str, Any]", error.schema)
    if error.validator == "type":
        return f"got {got(error.instance)}, expected {_type_words(error.validator_value)}{_example(schema)}"
    template = SENTENCES.get(str(error.validator), "does not fit the rule {rule!r}, expected {limit}")
    description = _description(schema)
    return template.format(got=got(error.instance), limit=_limit(error), rule=error.validator, description=description)


def _description(schema: Mapping[str, Any]) -> str:
    text = str(schema.get("description", "another value")).partition(";")[0]
    return text[:1].lower() + text[1:] + _example(schema)


def _example(schema: Mapping[str, Any]) -> str:
    examples = [got(example) for example in schema.get("examples", []) if not isinstance(example, (dict, list))]
    return f", such as {examples[0]}" if examples else ""


def _limit(error: ValidationError) -> str:
    value = error.validator_value
    return names(value) if isinstance(value, list) else str(value)


def _is_type(instance: object, kind: object) -> bool:
    return isinstance(kind, str) and bool(Draft202012Validator.TYPE_CHECKER.is_type(instance, kind))


def _type_words(kind: object) -> str:
    kinds: Iterable[object] = kind if isinstance(kind, list) else [kind]
    words = {"string": "a text", "object": "an object", "array": "a list", "integer": "a whole number",
             "number": "a number", "boolean": "true or false", "null": "null"}
    return " or ".join(words.get(str(one), str(one)) for one in kinds)
