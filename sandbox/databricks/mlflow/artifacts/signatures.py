"""Addresses that let whoever has them read or write one file for a while, without a token.

They look like those of Azure Blob Storage: https://learn.microsoft.com/rest/api/storageservices/create-service-sas.
"""
from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import quote

from sandbox.databricks.errors import ApiError
from sandbox.databricks.memory import Memory
from sandbox.http.message import Request

STORAGE = "/storage"
READ, WRITE = "r", "rw"
_LIFETIME = 3600.0
_LONGEST_TIME = 12


class Signatures:
    """The key outlives the process: an address that was given out stays good."""

    def __init__(self, memory: Memory) -> None:
        with memory.lock:
            self._key = memory.collection("storage_key", str).setdefault("", secrets.token_hex(32))

    def url(self, request: Request, path: str, permission: str, now: float) -> str:
        """On the host that `request` came to, whatever name the client has for it."""
        ends = str(int(now + _LIFETIME))
        return (f"{request.origin}{STORAGE}/{quote(path)}?sp={permission}&se={ends}"
                f"&sig={self._signature(path, permission, ends)}")

    def check(self, request: Request, path: str, permission: str, now: float) -> None:
        """That the address was signed for `path`, grants `permission`, and is not over."""
        granted, ends = request.parameter("sp") or "", request.parameter("se") or ""
        signature = (request.parameter("sig") or "").encode("utf-8", "replace")
        is_number = ends.isascii() and ends.isdecimal() and len(ends) <= _LONGEST_TIME
        is_good = (hmac.compare_digest(signature, self._signature(path, granted, ends).encode())
                   and permission in granted and is_number and now < int(ends))
        if not is_good:
            message = "Server failed to authenticate the request. Make sure the signature is correct and not expired."
            raise ApiError(403, "AuthenticationFailed", message)

    def _signature(self, path: str, permission: str, ends: str) -> str:
        text = "\n".join((path, permission, ends)).encode("utf-8", "replace")
        return hmac.new(self._key.encode(), text, hashlib.sha256).hexdigest()
