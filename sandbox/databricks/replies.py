"""How replies are put together."""
from __future__ import annotations

from typing import Any


def without_empty(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - what JSON can hold
    """The fields of a reply that leaves out what has no value: an empty list or text, None, 0."""
    return {name: value for name, value in fields.items() if value}
