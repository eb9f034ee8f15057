"""JSON Web Tokens. What makes them is loaded with the first: most processes that serve a workspace need none."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ALGORITHM = "HS256"
# The library knows only the system's time; ours may be moved.
_NO_TIMES = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}


class BadTokenError(Exception):
    """The token is none, is not for this audience, or was not signed with this key."""


def signed(claims: Mapping[str, Any], key: bytes) -> str:
    import jwt

    return jwt.encode(dict(claims), key, algorithm=_ALGORITHM)


def claims_of(token: str, key: bytes | None, audience: str = "") -> dict[str, Any]:
    """What a token says, whatever the time; who signed it is not looked at where `key` is None."""
    import jwt

    options = {**_NO_TIMES, "verify_aud": bool(audience), "verify_signature": key is not None}
    try:
        return jwt.decode(token, key or "", [_ALGORITHM], audience=audience or None, options=options)  # type: ignore[arg-type]
    except jwt.InvalidTokenError as error:
        raise BadTokenError(str(error)) from error
