"""Ends what a job has started if this process ends without having done so, for instance by `kill -9`."""
from __future__ import annotations

import contextlib
import os
import subprocess
from types import TracebackType

# Its standard input is a pipe that only we can write to. Processes in a session of their own are found by the mark in
# their environment, where the system shows that; several rounds, since one may start another meanwhile.
_GUARD = r"""
groups=
while read -r line; do
    test "$line" = end && exit
    groups="$groups $line"
done
for group in $groups; do kill -s KILL -- "-$group"; done
for round in 1 2 3; do
    for file in $(grep -lsF "$1" /proc/[0-9]*/environ); do
        process=${file#/proc/}
        kill -s KILL "${process%/environ}"
    done
done
"""
_END = "end"


class Lifeline:
    """A shell that outlives us for a moment, inside a `with`; `mark` is in the environment of all it has to end."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Lifeline:
        # In a session of its own, or a signal to our group would take it along; without the mark, or it would count
        # as left behind by the job.
        self._guard = subprocess.Popen(["/bin/sh", "-c", _GUARD, "lifeline", self._mark], cwd="/", bufsize=0,
                                       env={"PATH": os.defpath}, start_new_session=True, stdin=subprocess.PIPE,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def hold(self, group: int) -> None:
        """From now on the processes of this group end with us."""
        self._tell(str(group))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """What is left lives on."""
        self._tell(_END)
        if self._guard is not None:
            self._guard.communicate()

    def _tell(self, line: str) -> None:
        # Somebody may have killed the guard.
        with contextlib.suppress(BrokenPipeError):
            if self._guard is not None and self._guard.stdin is not None:
                self._guard.stdin.write(f"{line}\n".encode())
