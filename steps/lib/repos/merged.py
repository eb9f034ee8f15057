"""Whether a commit lies on a branch, asked of Azure DevOps: the checkout of a run has one commit, and so no history.

https://learn.microsoft.com/rest/api/azure/devops/git/merge-bases/list
"""
from __future__ import annotations

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.repositories import BRANCHES, Repository, refs
from steps.lib.errors import InputError

MERGE_BASES = "7cf2abb6-c964-4f7e-9872-f78c66e72e9c"
_TAGS = "refs/tags/"


def check_merged(devops: AzureDevOps, where: Repository, source: str, commit: str) -> str:
    """The branch, a full ref, that has `commit`: that of the run itself or, for a tag, the default one.

    `source` is the full ref of the run. The name of the default branch is the service's: the one that comes with the
    YAML of a run is written by whoever pushed the tag. An InputError where the branch does not have the commit.
    """
    branch = where.default_branch if source.startswith(_TAGS) else source
    tip = refs(devops, where, branch).get(branch) if branch.startswith(BRANCHES) else None
    if tip is None:
        message = (f"repository {where.project}/{where.name}: branch {branch!r} is not there, expected the one that "
                   f"{source} was merged to; choose the default branch in Repos > Branches > More options, or run the "
                   "pipeline from a branch that is there")
        raise InputError([message])
    if not _contains(devops, where, tip, commit):
        raise InputError([_refusal(source, commit, branch.removeprefix(BRANCHES))])
    return branch


def _contains(devops: AzureDevOps, where: Repository, tip: str, commit: str) -> bool:
    """A commit that another one stands on is the best base of the two itself."""
    if commit == tip:
        return True
    route = {"project": where.project_id, "repositoryNameOrId": where.id, "commitId": commit}
    bases = devops.pages(MERGE_BASES, route=route, query={"otherCommitId": tip})
    return any(row["commitId"] == commit for row in bases)


def _refusal(source: str, commit: str, branch: str) -> str:
    if source.startswith(_TAGS):
        return (f"{source}: its commit {commit[:12]} is not on {branch!r}, expected a release of merged code; merge it "
                f"into {branch!r}, tag the commit that is on {branch!r} then (a squash makes a new one), and run the "
                "pipeline from that tag")
    return (f"{source}: commit {commit[:12]} of this run is not on it, expected one that was merged; start a new run "
            "from the branch, without a commit of its own")
