"""Changes that go through a pull request: the branch they lie on, continued where an earlier run stopped."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from setup.lib.copying.copy_plan import Tree
from setup.lib.copying.shipped_files import ShippedFile
from setup.lib.product_repository import ProductRepository
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import Conflict
from steps.lib.azure_devops.pull_requests import PullRequest, active_pull_request, create_pull_request
from steps.lib.azure_devops.pushes import Change, ChangeType, push
from steps.lib.azure_devops.repositories import BRANCHES, refs, tree
from steps.lib.errors import InputError
from steps.lib.findings import Finding

BRANCH = "brickline/set-up"
_TITLE = "Add the files of the pipeline library"


@dataclass(frozen=True)
class Proposal:
    """What is still to be done: `changes` to push to `branch` on top of `old`, and a pull request if it is None."""

    branch: str
    old: str
    changes: tuple[Change, ...]
    pull_request: PullRequest | None


@dataclass(frozen=True)
class Offer:
    """What the default branch, which holds `base`, is to get: files that it lacks, and new contents of others."""

    base: Tree
    additions: Sequence[ShippedFile]
    updates: Sequence[ShippedFile]

    def changes_to(self, there: Tree) -> tuple[Change, ...]:
        """What a branch that holds `there` needs for it; an addition overwrites nothing that somebody put there."""
        missing = [file for file in (*self.additions, *self.updates) if file.path not in there]
        stale = [file for file in self.updates if file.path in there and there[file.path].object_id != file.object_id]
        return (*(Change(ChangeType.ADD, file.path, file.content) for file in missing),
                *(Change(ChangeType.EDIT, file.path, file.content) for file in stale))

    def result(self) -> dict[str, str]:
        """The contents by path once all of it is done."""
        return _contents(self.base) | {file.path: file.object_id for file in (*self.additions, *self.updates)}


def proposal(devops: AzureDevOps, product: ProductRepository, offer: Offer) -> Proposal:
    """How to offer it to the default branch.

    An open pull request of ours is continued, with whatever people put on its branch. A branch without one is taken
    only where it holds exactly what this run would put there, as a run leaves it that was killed; any other is
    somebody's, or left of an earlier release, and stays.
    """
    heads = refs(devops, product.repository, f"{BRANCHES}{BRANCH.partition('/')[0]}")
    _check_room(heads)
    for branch in _names():
        tip = heads.get(branch)
        if tip is None:
            return Proposal(branch, product.head, offer.changes_to(offer.base), None)
        open_one = active_pull_request(devops, product.repository, branch, product.default_branch)
        there = tree(devops, product.repository, tip)
        if open_one:
            return Proposal(branch, tip, offer.changes_to(there), open_one)
        if _contents(there) == offer.result():
            return Proposal(branch, tip, (), None)
    message = "the names of branches have no end"
    raise AssertionError(message)


def carried_out(devops: AzureDevOps, product: ProductRepository, wanted: Proposal, message: str) -> PullRequest:
    """Push and open what `wanted` says; the pull request."""
    if wanted.changes:
        push(devops, product.repository, ref=wanted.branch, old=wanted.old, message=message, changes=wanted.changes)
    if wanted.pull_request:
        return wanted.pull_request
    target = product.default_branch
    try:
        return create_pull_request(devops, product.repository, source=wanted.branch, target=target, title=_TITLE,
                                   description=message)
    except Conflict:
        # Another run was faster, or the reply to our first try got lost.
        found = active_pull_request(devops, product.repository, wanted.branch, target)
        if found is None:
            raise
        return found


def _contents(files: Tree) -> dict[str, str]:
    return {path: entry.object_id for path, entry in files.items() if not entry.is_folder}


def _names() -> Iterator[str]:
    number = 1
    while True:
        yield f"{BRANCHES}{BRANCH}" if number == 1 else f"{BRANCHES}{BRANCH}-{number}"
        number += 1


def _check_room(heads: Mapping[str, str]) -> None:
    """Git keeps no branch below the name of another."""
    taken = f"{BRANCHES}{BRANCH.partition('/')[0]}"
    if taken in heads:
        problem = f"is in the way of the branch {BRANCH!r}, expected no branch of this name; rename it"
        raise InputError([Finding(f"branch {taken.removeprefix(BRANCHES)!r}", problem=problem)])
