"""Finds the handler of a request by method and path."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
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

    def after(self, segment: str | None) -> _Place:
        """The place that follows, made if it is not there; None stands for whatever a placeholder takes."""
        if segment is None:
            self.variable = self.variable or _Place()
            return self.variable
        if segment not in self.fixed:
            self.fixed[segment] = _Place()
        return self.fixed[segment]


@dataclass(frozen=True)
class _Meaning:
    """Of a pattern: the segments, None where a placeholder is, up to the one that takes all the rest."""

    path: re.Pattern[str]
    segments: tuple[str | None, ...]
    is_open_ended: bool


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
        meaning = _meaning(pattern, self._ignore_case)
        route = _Route(self._count, method, meaning.path, handler)
        self._count += 1
        place = self._root
        for segment in meaning.segments:
            place = place.after(segment)
        (place.open_ended if meaning.is_open_ended else place.routes).append(route)

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
        for segment in _split(path, self._ignore_case):
            routes += [route for place in places for route in place.open_ended]
            nexts = [(place.fixed.get(segment), place.variable) for place in places]
            places = [place for pair in nexts for place in pair if place is not None]
            if not places:
                return routes
        return routes + [route for place in places for route in place.routes]


def _split(path: str, ignore_case: bool) -> list[str]:
    """Of patterns in any case: names of placeholders play no part in finding."""
    return (path.lower() if ignore_case else path).split("/")


@cache  # each workspace has a router of its own, with the same hundreds of patterns
def _meaning(pattern: str, ignore_case: bool) -> _Meaning:
    segments: list[str | None] = []
    path = re.compile(_regex(pattern), re.IGNORECASE if ignore_case else 0)
    for segment in _split(pattern, ignore_case):
        if "...}" in segment:
            return _Meaning(path, tuple(segments), is_open_ended=True)
        segments.append(None if _PLACEHOLDER.search(segment) else segment)
    return _Meaning(path, tuple(segments), is_open_ended=False)


def _regex(pattern: str) -> str:
    parts, end = [], 0
    for placeholder in _PLACEHOLDER.finditer(pattern):
        parts.append(re.escape(pattern[end:placeholder.start()]))
        parts.append(f"(?P<{placeholder[1]}>{'.*' if placeholder[2] else '[^/]+'})")
        end = placeholder.end()
    return "".join(parts) + re.escape(pattern[end:])
