"""What an import sends: JSON with base64 content, or a form (RFC 7578) with the content as it is."""
from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import malformed, refuse
from sandbox.databricks.fields import read_body

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'name="([^"]*)"')
_ENDPOINT = "workspace/import"


def read_upload(call: Call) -> tuple[dict[str, Any], bytes]:
    """The fields without `content`, and the content."""
    kind = call.request.headers.get("Content-Type", "")
    if not kind.lower().startswith("multipart/form-data"):
        fields = call.fields(_ENDPOINT)
        return fields, _decoded(fields.pop("content", ""))
    boundary = _BOUNDARY.search(kind)
    if boundary is None:
        detail = "form without boundary"
        raise malformed(detail)
    parts = _parts(call.request.body, boundary[1].encode("latin-1"))
    content = parts.pop("content", b"")
    texts: dict[str, Any] = {name: value.decode(errors="replace") for name, value in parts.items()}
    if "overwrite" in texts:
        texts["overwrite"] = texts["overwrite"].lower() == "true"
    return read_body(_ENDPOINT, texts, strict=call.state.strict), content


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        refuse("content is not base64")


def _parts(body: bytes, boundary: bytes) -> dict[str, bytes]:
    """The form's fields by name. The first delimiter has no line break before it."""
    parts = {}
    for block in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = block.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name:
            parts[name[1].decode(errors="replace")] = content
    return parts
