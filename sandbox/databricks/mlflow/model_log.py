"""What a run remembers of the models that were logged to it."""
from __future__ import annotations

import json
from typing import Any

from sandbox.databricks.errors import refuse, refuse_missing

_HISTORY = "mlflow.log-model.history"
_REQUIRED = ("artifact_path", "flavors", "utc_time_created", "run_id")


def logged_model_tags(tags: dict[str, str], model_json: str) -> dict[str, str]:
    """The tag with the models of a run, the one of `model_json` added: https://mlflow.org/docs/latest/rest-api.html."""
    if not model_json:
        refuse_missing("model_json")
    model = _read(model_json)
    missing = [name for name in _REQUIRED if name not in model]
    if missing:
        refuse(f"Model json is missing mandatory fields: {', '.join(missing)}")
    known = _parsed(tags.get(_HISTORY, ""))
    return {_HISTORY: json.dumps([*(known if isinstance(known, list) else []), model])}


def _read(text: str) -> dict[str, Any]:
    model = _parsed(text)
    if not isinstance(model, dict):
        refuse(f"Malformed model info. \n {text[:100]} \n is not a valid JSON")
    return model


def _parsed(text: str) -> object:
    """None where it is not JSON: anyone may have written over the tag."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
