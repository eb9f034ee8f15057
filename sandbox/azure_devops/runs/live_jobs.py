"""The jobs that have an agent now: each has a token of its own that ends with it."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.azure_devops.identities.accounts import Accounts, Scope, token_of
from sandbox.http.message import Request
from sandbox.pipelines.request import Identity, StageEntry
from sandbox.pipelines.tracker import JobFacts


@dataclass(frozen=True)
class LiveJob:
    """`entry` is what its stage asked its checks for, None where the run has none. `plan` is that of the run."""

    facts: JobFacts
    plan: str
    run: int
    pipeline: int
    project: str
    entry: StageEntry | None = None


@dataclass
class LiveJobs:
    """By their tokens; a job of another run may have the same id."""

    accounts: Accounts
    _jobs: dict[str, LiveJob] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at_work(self, job: LiveJob, identity: Identity, scope: Scope) -> Iterator[str]:
        """The token of `job`, good until the end of the `with`."""
        with self.accounts.lent(identity, scope) as token:
            with self._lock:
                self._jobs[token] = job
            try:
                yield token
            finally:
                with self._lock:
                    del self._jobs[token]

    def of_request(self, request: Request) -> LiveJob | None:
        """The job whose own token this request carries."""
        with self._lock:
            return self._jobs.get(token_of(request))
