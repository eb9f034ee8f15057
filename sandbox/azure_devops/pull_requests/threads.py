"""Comments on pull requests, in threads."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.storage import Storage

_OPEN = {"active", "pending"}


@dataclass(frozen=True)
class Comment:
    """`author` is the id of a member, times in seconds since 1970."""

    id: int
    author: str
    content: str
    published: float
    updated: float
    parent: int = 0
    kind: str = "text"
    deleted: bool = False


@dataclass(frozen=True)
class Thread:
    """`status` is empty for a thread that asks for no answer."""

    id: int
    pull_request: int
    published: float
    updated: float
    status: str = ""
    comments: tuple[Comment, ...] = ()
    properties: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN and not self.is_deleted

    @property
    def is_deleted(self) -> bool:
        return bool(self.comments) and all(one.deleted for one in self.comments)

    def comment(self, number: int) -> Comment | None:
        return next((one for one in self.comments if one.id == number), None)

    def with_comment(self, changed: Comment) -> Thread:
        known = [changed if one.id == changed.id else one for one in self.comments]
        rows = known if changed in known else [*known, changed]
        return replace(self, comments=tuple(rows), updated=changed.updated)


class Threads:
    def __init__(self, storage: Storage) -> None:
        self._threads = storage.table("pull request thread", Thread)
        self._by_request = self._threads.index(lambda one: [str(one.pull_request)])

    def of(self, pull_request: int) -> list[Thread]:
        return self._by_request.of(str(pull_request))

    def get(self, pull_request: int, number: int) -> Thread | None:
        found = self._threads.get(str(number))
        return found if found and found.pull_request == pull_request else None

    def put(self, thread: Thread) -> Thread:
        """Keep a thread; without a number it is a new one."""
        if not thread.id:
            return self._threads.add(lambda number: replace(thread, id=number))
        self._threads[str(thread.id)] = thread
        return thread
