"""What a push did: one event for every branch or tag that was created or moved."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import NO_COMMIT, BareRepository
from sandbox.pipelines.request import Identity

# https://learn.microsoft.com/azure/devops/pipelines/repos/azure-repos-git#skipping-ci-for-individual-pushes
_SKIP_MARKS = re.compile(
    r"\[(skip (ci|azurepipelines|azpipelines|azp)|(ci|azurepipelines|azpipelines|azp) skip)\]"
    r"|skip-checks: ?true|\*\*\*NO_CI\*\*\*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Push:
    """`old` is forty zeros for a new ref. `skips_ci`: the message of any commit in the push asks for no run."""

    repository: str
    ref: str
    old: str
    new: str
    pusher: Identity
    changed_paths: tuple[str, ...]
    skips_ci: bool


def pushes_between(repository: BareRepository, before: Mapping[str, str], after: Mapping[str, str],
                   pusher: Identity) -> list[Push]:
    """One event for each ref of `after` that is new or moved; a deleted ref starts nothing and gives none."""
    moved = {ref: new for ref, new in after.items() if before.get(ref) != new}
    known = frozenset(before.values())
    return [_push(repository, ref, (before.get(ref, NO_COMMIT), new), known, pusher)
            for ref, new in sorted(moved.items())]


def asks_to_skip(message: str) -> bool:
    return _SKIP_MARKS.search(message) is not None


def _push(repository: BareRepository, ref: str, move: tuple[str, str], known: frozenset[str], pusher: Identity) -> Push:
    old, new = move
    changed = repository.changed_paths(old, new, known=known)
    skips = any(asks_to_skip(message) for message in repository.messages(new, known=known))
    return Push(repository.name, ref, old, new, pusher, tuple(changed), skips)
