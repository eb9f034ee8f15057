"""Objects of a reply: a field that one lacks is a strange reply of the service, and no bug of ours."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Fields(dict[str, Any]):
    """One JSON object. `[]` with a name that is not there raises what `missing` makes of the name."""

    def __init__(self, fields: Mapping[str, Any], missing: Callable[[str], Exception]) -> None:
        super().__init__(fields)
        self._missing = missing

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - never gives anything
        raise self._missing(name)
