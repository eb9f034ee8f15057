"""Runs that build policies ask for: one for each state of a pull request's source."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.azure_devops.policies.configuration import BUILD, Configuration
from sandbox.azure_devops.pull_requests.record import SUCCEEDED, PullRequest
from sandbox.storage import Storage

Queue = Callable[[PullRequest, int], "int | None"]
"""Starts a run of a pipeline (by its number) for the tried merge; None where there is no such pipeline."""


@dataclass(frozen=True)
class PolicyBuild:
    """The newest run of one policy for one pull request."""

    run: int
    source_commit: str


class Validation:
    """`outcome` is the result of a run, or its state while it goes on."""

    def __init__(self, storage: Storage, queue: Queue, outcome: Callable[[int], str | None]) -> None:
        self._builds = storage.table("policy build", PolicyBuild)
        self._queue = queue
        self._outcome = outcome

    def start(self, request: PullRequest, configurations: list[Configuration]) -> None:
        """Start what has no run yet for this source; a merge that failed is not built."""
        if request.merge_status != SUCCEEDED:
            return
        for one in configurations:
            if one.type == BUILD and not one.settings.get("manualQueueOnly") and self._known(request, one) is None:
                number = self._queue(request, int(one.settings.get("buildDefinitionId") or 0))
                if number is not None:
                    self._builds[_key(request, one)] = PolicyBuild(number, request.source_commit)

    def outcome(self, request: PullRequest, configuration: Configuration) -> str | None:
        known = self._known(request, configuration)
        return self._outcome(known.run) if known else None

    def _known(self, request: PullRequest, configuration: Configuration) -> PolicyBuild | None:
        known = self._builds.get(_key(request, configuration))
        return known if known and known.source_commit == request.source_commit else None


def _key(request: PullRequest, configuration: Configuration) -> str:
    return f"{request.id}/{configuration.id}"
