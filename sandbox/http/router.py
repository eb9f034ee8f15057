"""Finds the handler of a request by method and path."""
from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.http.message import Application, Request, Response, text_response
from sandbox.http.request_head import raw_path

_PLACEHOLDER = re.compile(r"\{(\w+)(\.\.\.)?\}")


@dataclass(frozen=True)
class _Route:
    method: str
    path: re.Pattern[str]
    handler: Application


def not_found(request: Request) -> Response:
    return text_response(f"nothing answers {request.method} {request.path}", 404)


class Router:
    """Routes in the order they were added; the first that fits answers, `missing` where none does.

    A pattern is a path with placeholders: `{name}` is one segment (an encoded slash stays inside it), `{name...}`
    is the rest of the path. `*` as method fits every method. With `ignore_case` the fixed parts fit in any case.
    """

    def __init__(self, missing: Application = not_found, *, ignore_case: bool = False) -> None:
        self._routes: list[_Route] = []
        self._flags = re.IGNORECASE if ignore_case else re.RegexFlag(0)
        self._missing = missing

    def add(self, method: str, pattern: str, handler: Application) -> None:
        self._routes.append(_Route(method, re.compile(_regex(pattern), self._flags), handler))

    def __call__(self, request: Request) -> Response:
        path = raw_path(request.raw_target) if request.raw_target else request.path
        for route in self._routes:
            found = route.path.fullmatch(path) if route.method in {"*", request.method} else None
            if found:
                request.arguments = {name: unquote(text) for name, text in found.groupdict().items()}
                return route.handler(request)
        return self._missing(request)


def _regex(pattern: str) -> str:
    parts, end = [], 0
    for placeholder in _PLACEHOLDER.finditer(pattern):
        parts.append(re.escape(pattern[end:placeholder.start()]))
        parts.append(f"(?P<{placeholder[1]}>{'.*' if placeholder[2] else '[^/]+'})")
        end = placeholder.end()
    return "".join(parts) + re.escape(pattern[end:])
