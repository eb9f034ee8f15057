"""Moves single refs by compare and swap; each has its own outcome, in the words of the REST API.

https://learn.microsoft.com/rest/api/azure/devops/git/refs/update-refs
"""
from __future__ import annotations

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import GitError, run_git
from sandbox.azure_devops.git.ref_change import TAGS, RefChange
from sandbox.azure_devops.git.ref_names import conflict, is_valid
from sandbox.azure_devops.git.ref_rules import RefRules
from sandbox.azure_devops.git.refs_listing import commit_of, listed_refs

SUCCEEDED = "succeeded"
GOOD = {SUCCEEDED, "succeededNonExistentRef"}


def update_ref(rules: RefRules, change: RefChange) -> str:
    """The `updateStatus`."""
    repository = rules.hosted.git
    if not is_valid(change.name):
        return "invalidRefName"
    refusal = rules.refusal(change)
    if refusal:
        return refusal.status
    known = {one.name: one.object_id for one in listed_refs(repository)}
    if change.deletes and change.name not in known:
        return "succeededNonExistentRef"
    if known.get(change.name, "0" * 40) != change.old:
        return "staleOldObjectId"
    if change.creates and conflict(change.name, known):
        return "refNameConflict"
    return _new_commit(rules, change) or _move(repository, change)


def move_ref(repository: BareRepository, change: RefChange) -> None:
    """Compare and swap; GitError where the ref is no longer at `old`."""
    line = f"update {change.name}\0{change.new}\0{change.old}\0"
    run_git("update-ref", "--stdin", "-z", folder=repository.path, stdin=line.encode(errors="surrogateescape"))


def is_rewrite(repository: BareRepository, change: RefChange) -> bool:
    """Whether the new commit does not stand on the old one."""
    if not change.moves:
        return False
    return bool(run_git("rev-list", "--max-count=1", change.old, f"^{change.new}", folder=repository.path))


def _new_commit(rules: RefRules, change: RefChange) -> str | None:
    if change.deletes:
        return None
    commit = commit_of(rules.hosted.git, change.new)
    if commit is None or (commit != change.new and not change.name.startswith(TAGS)):
        return "unresolvableToCommit"
    refusal = rules.rewrite_refusal(change)
    return refusal.status if refusal and is_rewrite(rules.hosted.git, change) else None


def _move(repository: BareRepository, change: RefChange) -> str:
    try:
        move_ref(repository, change)
    except GitError:
        return "staleOldObjectId"  # another process was faster
    return SUCCEEDED
