"""Reads every shape in which a workspace words an error, and picks the type that says what can be done about it.

The shapes: `{"error_code", "message"}` (the code may be a number), `{"error"}` of the 1.2 API, SCIM's `{"detail",
"status"}`, text `CODE: message`, HTML of proxies and front doors, and nothing at all.
"""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from steps.lib.databricks import errors

_CODED_TEXT = re.compile(r"\s*([A-Z][A-Z0-9_]{2,}):\s*(.+)", re.DOTALL)
_HTML_TEXT = re.compile(r"<(pre|title)[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
# A workspace puts what it has to say into `<pre>`, in the little HTML that it sends.
_FOREIGN_PAGE = re.compile(r"\s*<(?!.*<pre)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ABSENT = re.compile(r"\b(does not|doesn't) exist\b")

_BY_CODE: dict[str, type[errors.DatabricksError]] = {
    "INVALID_STATE": errors.InvalidState,
    "INVALID_PARAMETER_VALUE": errors.InvalidParameterValue,
    "RESOURCE_DOES_NOT_EXIST": errors.ResourceDoesNotExist,
    "ENDPOINT_NOT_FOUND": errors.EndpointNotFound,
    "PERMISSION_DENIED": errors.PermissionDenied,
    "ABORTED": errors.ResourceConflict,
    "RESOURCE_CONFLICT": errors.ResourceConflict,
    "ALREADY_EXISTS": errors.ResourceConflict,
    "RESOURCE_ALREADY_EXISTS": errors.ResourceConflict,
    "QUOTA_EXCEEDED": errors.QuotaExceeded,
    "RESOURCE_EXHAUSTED": errors.Throttled,
    "REQUEST_LIMIT_EXCEEDED": errors.Throttled,
}
_BY_STATUS: dict[int, type[errors.DatabricksError]] = {
    400: errors.BadRequest,
    304: errors.NotDatabricks,
    401: errors.CredentialRefused,
    403: errors.PermissionDenied,
    404: errors.ResourceDoesNotExist,
    407: errors.NotDatabricks,
    409: errors.ResourceConflict,
    429: errors.Throttled,
    500: errors.Unavailable,
    502: errors.Unavailable,
    503: errors.Unavailable,
    504: errors.Unavailable,
}


def read_words(status: int, body: str) -> tuple[str, str]:
    """`(code, message)` of an error reply; the code is empty where the reply has none."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return _read_text(status, body)
    return _read_json(status, data) if isinstance(data, dict) else ("", body)


def is_foreign_page(status: int, body: str) -> bool:
    """Whether a refusal is the page of a proxy or of another server: it says nothing about rights or things there."""
    return status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND) and _FOREIGN_PAGE.match(body) is not None


def type_of(status: int, code: str, message: str) -> type[errors.DatabricksError]:
    """The class for a reply. A numeric code is how the service words a bad token; a known code beats the status."""
    if code.isdigit() and int(code) in (401, 403):
        return errors.CredentialRefused
    if code == "INVALID_PARAMETER_VALUE" and _ABSENT.search(message):
        return errors.ResourceDoesNotExist
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.Throttled
    return _BY_CODE.get(code) or _BY_STATUS.get(status, errors.DatabricksError)


def _read_json(status: int, data: Mapping[str, Any]) -> tuple[str, str]:
    if "detail" in data or "scimType" in data:
        return f"SCIM_{data.get('status', status)}", _text(data.get("detail") or data.get("scimType"))
    message = data.get("message") or data.get("error_description") or data.get("error")
    return _text(data.get("error_code")), _text(message)


def _read_text(status: int, body: str) -> tuple[str, str]:
    html = _HTML_TEXT.search(body)
    if html:
        return "", " ".join(_TAG.sub(" ", html[2]).split())
    coded = _CODED_TEXT.fullmatch(body)
    if coded:
        return coded[1], coded[2].strip()
    return "", body.strip() or _phrase(status)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
