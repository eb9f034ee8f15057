"""The libraries of one cluster and their asynchronous way to INSTALLED, or to the next restart."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.delays import Delays, Waiting
from sandbox.databricks.libraries.library_package import (
    entry_key,
    is_from_repository,
    package_of,
    runtime_refusal,
)
from sandbox.databricks.replies import without_empty

_PRESENT = {"INSTALLED", "INSTALLING", "RESOLVING", "PENDING"}


@dataclass
class LibraryStatus:
    """`leaves` is set once removal was asked; `returns` if it was asked for again before the restart."""

    library: dict[str, Any]
    status: str = "PENDING"
    messages: list[str] = field(default_factory=list)
    waiting: Waiting | None = None
    leaves: bool = False
    returns: bool = False

    def begin(self, now: float, delays: Delays) -> None:
        """A repository is asked about a package first, where that takes time."""
        resolves = delays.library_resolve > 0 and is_from_repository(self.library)
        self.status = "RESOLVING" if resolves else "INSTALLING"
        self.waiting = Waiting(now, delays.library_resolve if resolves else delays.library_install)

    def go_on(self, now: float, delays: Delays, failure: str | None) -> None:
        if self.status == "RESOLVING":
            self.status, self.waiting = "INSTALLING", Waiting(now, delays.library_install)
        elif failure:
            self.fail(failure)
        else:
            self.status, self.waiting = "INSTALLED", None

    def fail(self, message: str) -> None:
        self.status, self.messages, self.waiting = "FAILED", [message], None

    def as_json(self) -> dict[str, Any]:
        shown = "UNINSTALL_ON_RESTART" if self.leaves else self.status
        row: dict[str, Any] = {"library": self.library, "status": shown, "is_library_for_all_clusters": False}
        return {**row, **without_empty(messages=self.messages)}


@dataclass
class ClusterLibraries:
    """In the order in which they were asked for."""

    statuses: list[LibraryStatus] = field(default_factory=list)

    def install(self, entries: list[dict[str, Any]]) -> None:
        """Asking again for what is there changes nothing, except that a removal does not outlive the restart."""
        for entry in entries:
            known = self._find(entry)
            if known is None:
                self.statuses.append(LibraryStatus(entry))
            elif known.leaves:
                known.returns = True

    def uninstall(self, entries: list[dict[str, Any]], *, active: bool) -> None:
        """What was never asked for is ignored; on an active cluster the entry stays until the restart."""
        for entry in entries:
            known = self._find(entry)
            if known is not None and active:
                known.leaves, known.returns = True, False
            elif known is not None:
                self.statuses.remove(known)

    def begin(self, spark_version: str, now: float, *, delays: Delays) -> bool:
        """On a running cluster: start installing what is pending; whether there was any."""
        pending = [status for status in self.statuses if status.status == "PENDING" and not status.leaves]
        for status in pending:
            refusal = runtime_refusal(status.library, spark_version) or self._duplicate(status)
            if refusal:
                status.fail(refusal)
            else:
                status.begin(now, delays)
        return bool(pending)

    def settle(self, now: float, *, delays: Delays, failures: Mapping[str, str]) -> bool:
        """Whether anything went on; `failures` maps a package's name without version to what its installation says."""
        went_on = False
        for status in self.statuses:
            while status.waiting is not None and status.waiting.is_over(now):
                status.go_on(status.waiting.over_at, delays, failures.get(package_of(status.library)[1]))
                went_on = True
        return went_on

    def interrupt(self) -> None:
        """The cluster stops: what is being installed waits for its next start."""
        for status in self.statuses:
            if status.waiting is not None:
                status.status, status.waiting = "PENDING", None

    def cluster_went_down(self) -> None:
        """The machines are gone: removals are done, everything else must be installed again."""
        self.statuses = [status for status in self.statuses if not status.leaves or status.returns]
        for status in self.statuses:
            status.status, status.messages, status.waiting = "PENDING", [], None
            status.leaves = status.returns = False

    def wanted(self) -> list[dict[str, Any]]:
        """Statuses of libraries to install, in the order they were added."""
        return [status.as_json() for status in self.statuses if not status.leaves]

    def leaving(self) -> list[dict[str, Any]]:
        """Statuses of libraries to remove."""
        return [status.as_json() for status in self.statuses if status.leaves]

    def read(self) -> bool:
        """They were told to a client; whether that changed anything."""
        unread = [status.waiting for status in self.statuses if status.waiting and not status.waiting.was_read]
        for waiting in unread:
            waiting.was_read = True
        return bool(unread)

    def _duplicate(self, wanted: LibraryStatus) -> str | None:
        """https://github.com/databricks/terraform-provider-databricks/issues/5771."""
        package = package_of(wanted.library)
        for status in self.statuses:
            if status is wanted:
                return None
            if package_of(status.library) == package and status.status in _PRESENT:
                return (f"ERROR_DUPLICATE_INSTALLATION: {package[1]} is installed already in another version; "
                        "uninstall it and restart the cluster first")
        return None

    def _find(self, entry: dict[str, Any]) -> LibraryStatus | None:
        key = entry_key(entry)
        return next((status for status in self.statuses if entry_key(status.library) == key), None)
