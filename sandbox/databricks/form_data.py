"""Requests that come as a form (RFC 7578) with a file as it is, where others send JSON with base64."""
from __future__ import annotations

import re
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import malformed
from sandbox.databricks.fields import read_body

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'\bname="([^"]*)"')


def is_form(call: Call) -> bool:
    return _content_type(call).lower().startswith("multipart/form-data")


def read_form(call: Call, endpoint: str, *files: str) -> tuple[dict[str, Any], bytes]:
    """The fields as `endpoint` types them, and the content of the first of `files` that the form has; empty if none."""
    boundary = _BOUNDARY.search(_content_type(call))
    if boundary is None:
        detail = "form without boundary"
        raise malformed(detail)
    parts = _parts(call.request.body, boundary[1].encode("latin-1"))
    contents = [parts.pop(name) for name in files if name in parts]
    texts: dict[str, Any] = {name: value.decode(errors="replace") for name, value in parts.items()}
    if "overwrite" in texts:
        texts["overwrite"] = texts["overwrite"].lower() == "true"
    return read_body(endpoint, texts, strict=call.state.strict), contents[0] if contents else b""


def _content_type(call: Call) -> str:
    return call.request.headers.get("Content-Type", "")


def _parts(body: bytes, boundary: bytes) -> dict[str, bytes]:
    """The form's fields by name. The first delimiter has no line break before it."""
    parts = {}
    for block in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = block.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name:
            parts[name[1].decode(errors="replace")] = content
    return parts
