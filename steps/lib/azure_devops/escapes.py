"""Values as they stand in an address."""
from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote


def escaped(text: str) -> str:
    """`text` for the parameters that the package puts into a query as they are.

    These are: ref names to search pull requests and pushes by, `baseVersion`, `targetVersion`, and every
    `version_descriptor`. Look at the answer all the same: a wrong name is not an error but an empty list.
    """
    return quote(text, safe="")


def escaped_route(route: Mapping[str, str]) -> dict[str, str]:
    return {name: escaped(str(value)) for name, value in route.items()}


def escaped_query(query: Mapping[str, object]) -> dict[str, str]:
    """The parameters with a value; lists as the service takes them, with commas."""
    return {quote(name, safe="$"): escaped(_text(value)) for name, value in query.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(_text, value))
    return str(value)
