"""What `workspace/import` is sent."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.fields import read_base64
from sandbox.databricks.form_data import is_form, read_form

_ENDPOINT = "workspace/import"


def read_upload(call: Call) -> tuple[dict[str, Any], bytes]:
    """The fields without `content`, and the content."""
    if is_form(call):
        return read_form(call, _ENDPOINT, "content")
    fields = call.fields(_ENDPOINT)
    return fields, read_base64(fields.pop("content", ""), "content")
