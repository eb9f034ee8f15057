"""Which names refs may have: https://git-scm.com/docs/git-check-ref-format, and no ref inside another."""
from __future__ import annotations

import re
from collections.abc import Collection

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|[./]$")

_OBJECT_ID = re.compile(r"[0-9a-f]{40}")


def is_valid(ref: str) -> bool:
    """A whole name below `refs/`, such as `refs/heads/feature/x`, that can be written in JSON."""
    return ref.startswith("refs/") and ref.count("/") >= 2 and not _FORBIDDEN.search(ref) and is_text(ref)


def is_object_id(name: str) -> bool:
    """Forty hexadecimal digits in lower case."""
    return _OBJECT_ID.fullmatch(name) is not None


def is_text(ref: str) -> bool:
    """git takes any bytes as a name; what is no UTF-8 has surrogates here."""
    return not any("\ud800" <= character <= "\udfff" for character in ref)


def conflict(ref: str, known: Collection[str]) -> str | None:
    """A known ref that cannot be beside `ref`: `a` and `a/b`, of which one would be file and folder at once."""
    return next((one for one in known if one.startswith(f"{ref}/") or ref.startswith(f"{one}/")), None)
