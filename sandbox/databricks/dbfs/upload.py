"""What dbfs/put and dbfs/add-block are sent."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.dbfs.errors import block_too_large
from sandbox.databricks.fields import read_base64
from sandbox.databricks.form_data import is_form, read_form

BLOCK_LIMIT = 1024 * 1024
_ENDPOINT = "dbfs/put"


def read_put(call: Call) -> tuple[dict[str, Any], bytes]:
    """The fields without the contents, and the contents; the limit of a block is for JSON alone."""
    if is_form(call):
        return read_form(call, _ENDPOINT, "file", "contents")
    fields = call.fields(_ENDPOINT)
    return fields, block_of(fields.pop("contents", ""), "contents")


def block_of(text: str, name: str) -> bytes:
    """At most 1 MB, counted without the base64: https://docs.databricks.com/api/azure/workspace/dbfs/addblock."""
    block = read_base64(text, name)
    if len(block) > BLOCK_LIMIT:
        raise block_too_large(len(block), BLOCK_LIMIT)
    return block
