"""Names of models and aliases."""
from __future__ import annotations

import re

from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.registry.errors import bad_model_name

_LONGEST = 256
_ALIAS = re.compile(r"[\w-]{1,255}")
_LIKE_A_VERSION = re.compile(r"v\d+", re.IGNORECASE)


def checked_name(name: str) -> str:
    """Of the workspace registry; names of three parts are those of Unity Catalog."""
    if not name:
        refuse_missing("name")
    if len(name) > _LONGEST or any(character in "/:." or ord(character) < 32 for character in name):
        raise bad_model_name(name)
    return name


def checked_alias(alias: str) -> str:
    """`latest` and `v1` mean something already: https://mlflow.org/docs/latest/model-registry.html."""
    if not _ALIAS.fullmatch(alias) or _LIKE_A_VERSION.fullmatch(alias) or alias.lower() == "latest":
        refuse(f"Invalid alias name: '{alias[:100]}'. An alias has letters, digits, '_' and '-', and is "
               "neither 'latest' nor like 'v1'")
    return alias
