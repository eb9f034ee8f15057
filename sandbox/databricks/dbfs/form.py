"""What dbfs/put is sent: JSON with base64 contents, or a form (RFC 7578) with the file as it is."""
from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.dbfs.errors import block_too_large
from sandbox.databricks.errors import malformed, refuse
from sandbox.databricks.fields import read_body

BLOCK_LIMIT = 1024 * 1024
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'\bname="([^"]*)"')
_ENDPOINT = "dbfs/put"


def read_put(call: Call) -> tuple[dict[str, Any], bytes]:
    """The fields without the contents, and the contents; the limit of a block is for JSON alone."""
    kind = call.request.headers.get("Content-Type", "")
    if not kind.lower().startswith("multipart/form-data"):
        fields = call.fields(_ENDPOINT)
        return fields, block_of(fields.pop("contents", ""), "contents")
    boundary = _BOUNDARY.search(kind)
    if boundary is None:
        detail = "form without boundary"
        raise malformed(detail)
    parts = _parts(call.request.body, boundary[1].encode("latin-1"))
    content = parts.pop("file", parts.pop("contents", b""))
    texts: dict[str, Any] = {name: value.decode(errors="replace") for name, value in parts.items()}
    if "overwrite" in texts:
        texts["overwrite"] = texts["overwrite"].lower() == "true"
    return read_body(_ENDPOINT, texts, strict=call.state.strict), content


def block_of(text: str, name: str) -> bytes:
    """At most 1 MB, counted without the base64: https://docs.databricks.com/api/azure/workspace/dbfs/addblock."""
    try:
        block = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        refuse(f"{name} is not base64")
    if len(block) > BLOCK_LIMIT:
        raise block_too_large(len(block), BLOCK_LIMIT)
    return block


def _parts(body: bytes, boundary: bytes) -> dict[str, bytes]:
    """The form's fields by name. The first delimiter has no line break before it."""
    parts = {}
    for block in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = block.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name:
            parts[name[1].decode(errors="replace")] = content
    return parts
