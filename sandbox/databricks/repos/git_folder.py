"""One Git folder, as the workspace remembers it."""
from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.replies import without_empty


@dataclass(frozen=True)
class Switch:
    """What a change of the checkout leads to. It is on record only while git works, so that a start after a kill can
    finish what was begun.

    `head` is the commit, `branch` is empty for a tag, `discards` whether local edits are thrown away.
    """

    head: str
    branch: str
    sparse: list[str] | None = None
    discards: bool = False


@dataclass
class GitFolder:
    """`branch` is empty while a tag is checked out, `place` names the folder that holds git's own files.

    `lock` is held for as long as git works here: take it before the state's lock, never inside it.
    """

    id: int
    path: str
    url: str
    provider: str
    place: str
    branch: str = ""
    head: str = ""
    sparse: list[str] | None = None
    switch: Switch | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)
    _stale: list[dict[str, Any]] = field(default_factory=list, init=False, repr=False, compare=False)

    def take_over(self, switch: Switch) -> None:
        """The checkout is where `switch` led."""
        self.branch, self.head, self.switch = switch.branch, switch.head, None
        self.sparse = self.sparse if switch.sparse is None else switch.sparse

    def keep_stale(self, reads: int) -> None:
        """The next so many reads show what is now, whatever changes meanwhile."""
        self._stale = [self.as_json()] * reads

    def shown(self) -> dict[str, Any]:
        return self._stale.pop() if self._stale else self.as_json()

    def as_json(self) -> dict[str, Any]:
        sparse = None if self.sparse is None else {"patterns": self.sparse}
        return {"id": self.id, "path": self.path, "url": self.url, "provider": self.provider,
                **without_empty(branch=self.branch, head_commit_id=self.head, sparse_checkout=sparse)}
