"""How two versions differ: https://learn.microsoft.com/rest/api/azure/devops/git/diffs."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.azure_devops.git.commits import ahead_behind, merge_bases
from sandbox.azure_devops.git.differences import Difference, differences
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import RestError
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of
from sandbox.azure_devops.rest.git.git_objects import Version, item_url, version

_TOP = 100


def routes() -> Routes:
    return git_routes(("GET", "repositories/{repository}/diffs/commits", _compare))


def _compare(call: Call) -> dict[str, Any]:
    """From the common commit to the target, or with `diffCommonCommit=false` from the base itself."""
    hosted = hosted_of(call)
    base, target = version(hosted, _side(call, "base")), version(hosted, _side(call, "target"))
    common = next(iter(merge_bases(hosted.git, base.commit, target.commit)), None)
    if common is None:
        message = f"The versions {base.shown} and {target.shown} have no common commit."
        raise RestError(404, "GitNoMergeBaseException", message)
    start = base.commit if (call.query("diffCommonCommit") or "true").casefold() == "false" else common
    found = differences(hosted.git, start, target.commit)
    skip, top = call.number("$skip", 0), call.number("$top", _TOP)
    shown = found[skip:skip + top]
    ahead, behind = ahead_behind(hosted.git, target.commit, base.commit)
    return {"allChangesIncluded": len(shown) == len(found), "changeCounts": _counts(found),
            "changes": [_change(call, hosted, one, target) for one in shown], "commonCommit": common,
            "baseCommit": base.commit, "targetCommit": target.commit, "aheadCount": ahead, "behindCount": behind}


def _side(call: Call, side: str) -> Callable[[str], str | None]:
    """`baseVersion` and `baseVersionType`, or the same as parts of a descriptor."""
    def get(part: str) -> str | None:
        return call.query(f"{side}V{part[1:]}") or call.query(f"{side}VersionDescriptor.{part}")

    return get


def _counts(found: list[Difference]) -> dict[str, int]:
    return {kind.capitalize(): count for kind, count in sorted(Counter(one.kind for one in found).items())}


def _change(call: Call, hosted: Hosted, one: Difference, at: Version) -> dict[str, Any]:
    path = f"/{one.path}"
    item = {"objectId": one.object_id, "gitObjectType": "blob", "commitId": at.commit, "path": path,
            "url": item_url(call, hosted, path, at)}
    moved = {"sourceServerItem": f"/{one.source}"} if one.source else {}
    return {"item": item, "changeType": one.kind, **moved}
