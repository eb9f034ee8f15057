"""Lists in pages: the token of the next page travels in a header."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.azure_devops.rest.call import Call, collection
from sandbox.azure_devops.rest.errors import bad_request
from sandbox.http.message import Response, json_response

TOKEN_HEADER = "x-ms-continuationtoken"  # noqa: S105 - the name of a header


def page(call: Call, rows: Sequence[dict[str, Any]], *, default: int) -> Response:
    """The part of `rows` that `$top` and `continuationToken` ask for; the token counts the rows before."""
    text = call.query("continuationToken") or "0"
    if not text.isdigit():
        message = f"The continuation token is not valid: {text}."
        raise bad_request(message, "InvalidArgumentValueException")
    start, end = int(text), int(text) + (call.number("$top", default) or default)
    headers = {TOKEN_HEADER: str(end)} if end < len(rows) else {}
    return json_response(collection(rows[start:end]), headers=headers)
