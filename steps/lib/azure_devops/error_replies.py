"""Reads every shape in which Azure DevOps words an error, and picks the type that says what can be done about it.

The shapes: `{"message", "typeKey", …}`; `{"value": {"Message"}}`; `{"ClassName", "Message"}`; plain text; a
page of HTML; and nothing but the header `X-TFS-ServiceError`. `errorCode` is always 0: the code is the beginning of the
message.
"""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

import requests

from steps.lib.azure_devops import errors
from steps.lib.azure_devops.permission_texts import missing_permission

_CODE = re.compile(r"(TF|VS)\d{5,6}(?=[:.\s])")
_HTML_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
# The service gives a file that is there already no type of its own.
_EXISTS = re.compile(r"\balready exists\b")

_BY_CODE: dict[str, type[errors.AzureDevOpsError]] = {
    "TF401027": errors.PermissionDenied,
    "TF215106": errors.PermissionDenied,
    "VS800075": errors.PermissionDenied,
    "TF402455": errors.RejectedByPolicy,
    "TF401028": errors.StaleReference,
    "TF400733": errors.Throttled,
    "TF400813": errors.NotAuthenticated,
    "TF401019": errors.NotFound,
    "TF401174": errors.NotFound,
    "TF200016": errors.NotFound,
}
_BY_TYPE: dict[str, type[errors.AzureDevOpsError]] = {
    "GitRefUpdateRejectedByPolicyException": errors.RejectedByPolicy,
    "GitNeedsPermissionException": errors.PermissionDenied,
    "AccessDeniedException": errors.PermissionDenied,
    "UnauthorizedRequestException": errors.NotAuthenticated,
}
_BY_STATUS: dict[int, type[errors.AzureDevOpsError]] = {
    304: errors.NotAzureDevOps,
    400: errors.BadRequest,
    401: errors.NotAuthenticated,
    403: errors.PermissionDenied,
    404: errors.NotFound,
    409: errors.Conflict,
    407: errors.NotAzureDevOps,
    429: errors.Throttled,
}


def error_of(reply: requests.Response, call: str, organization: str, credential: str) -> errors.AzureDevOpsError:
    """The error for a reply that is no success."""
    type_key, message = _words(reply)
    code = _CODE.match(message)
    kind = _kind(reply.status_code, code[0] if code else "", type_key, message)
    if kind is errors.PermissionDenied and _is_page(reply):
        # Of a proxy that lets nobody through: no permission in the organization would help.
        kind = errors.NotAzureDevOps
    name = code[0] if code else type_key
    refusal = errors.Refusal(call, organization, credential, reply.status_code, name, message)
    if kind is errors.PermissionDenied:
        return errors.PermissionDenied(refusal, *missing_permission(message))
    return kind(refusal)


def _kind(status: int, code: str, type_key: str, message: str) -> type[errors.AzureDevOpsError]:
    known = _BY_CODE.get(code) or _BY_TYPE.get(type_key)
    if known:
        return known
    if type_key.endswith("StaleException"):
        return errors.StaleReference
    if type_key.endswith("ExistsException") or (status in (400, 409) and _EXISTS.search(message)):
        return errors.Conflict
    if status != HTTPStatus.FORBIDDEN and ("NotFound" in type_key or "DoesNotExist" in type_key):
        return errors.NotFound
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.Unavailable
    return _BY_STATUS.get(status, errors.AzureDevOpsError)


def _words(reply: requests.Response) -> tuple[str, str]:
    """`(typeKey, message)`."""
    body = reply.content.decode("utf-8-sig", "replace").strip()
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return "", _plain(reply, body)
    if not isinstance(data, Mapping):
        return "", body
    inner = data.get("value")
    inner = inner if isinstance(inner, Mapping) else {}
    message = _first(data.get("message"), data.get("Message"), inner.get("message"), inner.get("Message"))
    return _first(data.get("typeKey"), data.get("ClassName")), message or _plain(reply, "")


def _plain(reply: requests.Response, body: str) -> str:
    named = unquote_plus(reply.headers.get("X-TFS-ServiceError", ""))
    title = _HTML_TITLE.search(body)
    return named or (" ".join(title[1].split()) if title else body) or reply.reason or ""


def _is_page(reply: requests.Response) -> bool:
    return reply.headers.get("Content-Type", "").lower().startswith("text/html")


def _first(*values: Any) -> str:  # noqa: ANN401 - whatever stands in a reply
    return next((value for value in values if isinstance(value, str) and value), "")
