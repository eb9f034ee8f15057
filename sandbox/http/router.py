"""Finds the handler of a request by method and path."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from sandbox.http.message import Application, Request, Response, text_response
from sandbox.http.request_head import raw_path

_PLACEHOLDER = re.compile(r"\{(\w+)(\.\.\.)?\}")


@dataclass(frozen=True)
class _Route:
    order: int
    method: str
    path: re.Pattern[str]
    handler: Application


@dataclass
class _Place:
    """One segment of the patterns' paths, and what follows it: `open_ended` are the routes that take all the rest."""

    fixed: dict[str, _Place] = field(default_factory=dict)
    variable: _Place | None = None
    routes: list[_Route] = field(default_factory=list)
    open_ended: list[_Route] = field(default_factory=list)


def not_found(request: Request) -> Response:
    return text_response(f"nothing answers {request.method} {request.path}", 404)


class Router:
    """Routes in the order they were added; the first that fits answers, `missing` where none does.

    A pattern is a path with placeholders: `{name}` is one segment (an encoded slash stays inside it), `{name...}`
    is the rest of the path. `*` as method fits every method. With `ignore_case` the fixed parts fit in any case.
    A route is found by the segments of the path, so it costs the same with ten routes and with a thousand.
    """

    def __init__(self, missing: Application = not_found, *, ignore_case: bool = False) -> None:
        self._root = _Place()
        self._count = 0
        self._ignore_case = ignore_case
        self._missing = missing

    def add(self, method: str, pattern: str, handler: Application) -> None:
        flags = re.IGNORECASE if self._ignore_case else re.RegexFlag(0)
        route = _Route(self._count, method, re.compile(_regex(pattern), flags), handler)
        self._count += 1
        place = self._root
        for segment in self._segments(pattern):
            found = _PLACEHOLDER.search(segment)
            if "...}" in segment:
                place.open_ended.append(route)
                return
            if found:
                place.variable = place.variable or _Place()
                place = place.variable
            else:
                place = place.fixed.setdefault(segment, _Place())
        place.routes.append(route)

    def __call__(self, request: Request) -> Response:
        path = raw_path(request.raw_target) if request.raw_target else request.path
        for route in sorted(self._candidates(path), key=lambda route: route.order):
            found = route.path.fullmatch(path) if route.method in {"*", request.method} else None
            if found:
                request.arguments = {name: unquote(text) for name, text in found.groupdict().items()}
                return route.handler(request)
        return self._missing(request)

    def _candidates(self, path: str) -> list[_Route]:
        """Routes whose fixed segments are those of the path; the pattern has yet to fit the others."""
        places, routes = [self._root], []
        for segment in self._segments(path):
            routes += [route for place in places for route in place.open_ended]
            nexts = [(place.fixed.get(segment), place.variable) for place in places]
            places = [place for pair in nexts for place in pair if place is not None]
            if not places:
                return routes
        return routes + [route for place in places for route in place.routes]

    def _segments(self, path: str) -> list[str]:
        """Of patterns in any case: names of placeholders play no part in finding."""
        return (path.lower() if self._ignore_case else path).split("/")


def _regex(pattern: str) -> str:
    parts, end = [], 0
    for placeholder in _PLACEHOLDER.finditer(pattern):
        parts.append(re.escape(pattern[end:placeholder.start()]))
        parts.append(f"(?P<{placeholder[1]}>{'.*' if placeholder[2] else '[^/]+'})")
        end = placeholder.end()
    return "".join(parts) + re.escape(pattern[end:])
