"""What the Clusters and Libraries APIs promise, told a second time and as simply as it goes."""
from __future__ import annotations

from dataclasses import dataclass, field

START, RESTART, RESIZE, STOP, INSTALL = 10.0, 7.0, 5.0, 3.0, 4.0
IDLE = 600.0
DAY = 24 * 3600.0
NOT_THERE, WRONG_STATE, REFUSED = "INVALID_PARAMETER_VALUE", "INVALID_STATE", "INVALID_PARAMETER_VALUE"
_UP = {"PENDING", "RUNNING", "RESTARTING", "RESIZING"}
_TAKES = {"PENDING": START, "RESTARTING": RESTART, "RESIZING": RESIZE, "TERMINATING": STOP}


@dataclass
class ModelLibrary:
    package: str
    version: str
    status: str = "PENDING"
    done: float = 0.0
    leaves: bool = False
    returns: bool = False


@dataclass
class ModelCluster:
    """`done` is when the present state ends by itself; `unused` counts from the termination or the unpinning."""

    idles: bool
    state: str = "TERMINATED"
    done: float = 0.0
    active: float = 0.0
    unused: float = 0.0
    pinned: bool = False
    libraries: list[ModelLibrary] = field(default_factory=list)

    def go(self, state: str, now: float) -> None:
        self.state, self.done = state, now + _TAKES[state]

    def settle(self, now: float) -> None:
        while (self.state in _TAKES and now >= self.done) or self._is_idle(now):
            self._next()
        if self.state == "RUNNING":
            self._install(now)
        self._finish(now)

    def age(self, now: float) -> str:
        """The error that anything asked of it ends with, empty for none."""
        days = (now - self.unused) / DAY if self.state == "TERMINATED" and not self.pinned else 0
        return NOT_THERE if days > 60 else WRONG_STATE if days > 30 else ""

    def start(self, now: float) -> str:
        if self.state != "TERMINATED":
            return WRONG_STATE
        self._lose_libraries()
        self.go("PENDING", now)
        return ""

    def restart(self, now: float) -> str:
        if self.state == "RUNNING":
            self._lose_libraries()
            self.go("RESTARTING", now)
        return ""

    def edit(self, now: float) -> str:
        if self.state not in {"RUNNING", "TERMINATED"}:
            return WRONG_STATE
        return self.restart(now)

    def resize(self, now: float) -> str:
        if self.state != "RUNNING":
            return WRONG_STATE
        self.go("RESIZING", now)
        return ""

    def delete(self, now: float) -> str:
        if self.state in _UP:
            self._finish(now)
            for library in self.libraries:
                library.status = "PENDING" if library.status == "INSTALLING" else library.status
            self.go("TERMINATING", now)
        return ""

    def pin(self, _: float) -> str:
        self.pinned = True
        return ""

    def unpin(self, now: float) -> str:
        self.unused = now if self.pinned else self.unused
        self.pinned = False
        return ""

    def install(self, package: str, version: str, now: float) -> None:
        self.active = now
        known = self._find(package, version)
        if known is None:
            self.libraries.append(ModelLibrary(package, version))
        elif known.leaves:
            known.returns = True
        self.settle(now)

    def uninstall(self, package: str, version: str) -> None:
        known = self._find(package, version)
        if known is not None and self.state in _UP:
            known.leaves, known.returns = True, False
        elif known is not None:
            self.libraries.remove(known)

    def statuses(self) -> list[str]:
        return [*(library.status for library in self.libraries if not library.leaves),
                *("UNINSTALL_ON_RESTART" for library in self.libraries if library.leaves)]

    def _is_idle(self, now: float) -> bool:
        return self.idles and self.state == "RUNNING" and now >= self.active + IDLE

    def _next(self) -> None:
        if self.state == "RUNNING":
            self.delete(self.active + IDLE)
        elif self.state == "TERMINATING":
            self.state, self.unused = "TERMINATED", max(self.done, self.unused)
        elif self.state == "RESIZING":
            self.state = "RUNNING"
        else:
            self.state, self.active = "RUNNING", self.done
            self._install(self.done)

    def _install(self, now: float) -> None:
        for at, library in enumerate(self.libraries):
            if library.status == "PENDING" and not library.leaves:
                rivals = [other for other in self.libraries[:at] if other.package == library.package]
                taken = any(other.status != "FAILED" for other in rivals)
                library.status, library.done = "FAILED" if taken else "INSTALLING", now + INSTALL

    def _finish(self, now: float) -> None:
        for library in self.libraries:
            if library.status == "INSTALLING" and now >= library.done:
                library.status = "INSTALLED"

    def _lose_libraries(self) -> None:
        self.libraries = [ModelLibrary(library.package, library.version) for library in self.libraries
                          if not library.leaves or library.returns]

    def _find(self, package: str, version: str) -> ModelLibrary | None:
        return next((library for library in self.libraries
                     if (library.package, library.version) == (package, version)), None)
