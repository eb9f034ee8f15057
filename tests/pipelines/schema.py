"""Microsoft's own schema of pipeline YAML, as check-jsonschema carries it (MIT, microsoft/azure-pipelines-vscode)."""
from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft7Validator, ValidationError

TYPED_INPUTS = {"failTaskOnFailedTests", "failTaskOnMissingResultsFile"}


@cache
def _validator() -> Draft7Validator:
    text = files("check_jsonschema").joinpath("builtin_schemas/vendor/azure-pipelines.json").read_text(encoding="utf-8")
    return Draft7Validator(json.loads(text))


def schema_problem(document: Any) -> str | None:
    """What the schema finds wrong in a pipeline given as plain data, or None.

    The schema types nearly every scalar as text, as the service reads it, so numbers and booleans are given to it so.
    """
    errors = [leaf for error in _validator().iter_errors(_as_text(document)) for leaf in _leaves(error)]
    if not errors:
        return None
    deepest = max(errors, key=lambda error: len(error.absolute_path))
    return f"{deepest.json_path}: {deepest.message[:300]}"


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: item if key in TYPED_INPUTS else _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return json.dumps(value) if isinstance(value, (bool, int, float)) else value


def _leaves(error: ValidationError) -> list[ValidationError]:
    return [leaf for child in error.context or () for leaf in _leaves(child)] or [error]
