"""Commits and how branches compare: https://learn.microsoft.com/rest/api/azure/devops/git/commits."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.azure_devops.git.commits import ahead_behind, commit_record, log, merge_bases
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.ref_change import HEADS, branch_name
from sandbox.azure_devops.git.ref_names import is_object_id
from sandbox.azure_devops.git.refs_listing import commit_of, listed_refs
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError
from sandbox.azure_devops.rest.git import git_objects
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of
from sandbox.azure_devops.rest.git.git_objects import descriptor, no_branches, version


def routes() -> Routes:
    return git_routes(
        ("GET", "repositories/{repository}/commits", _list),
        ("GET", "repositories/{repository}/commits/{commit}", _get),
        ("GET", "repositories/{repository}/commits/{commit}/mergeBases", _merge_bases),
        ("GET", "repositories/{repository}/stats/branches", _branches))


def _list(call: Call) -> dict[str, Any]:
    hosted = hosted_of(call)
    at = version(hosted, _item_version(call))
    path = (call.query("searchCriteria.itemPath") or "").strip("/")
    skip = call.query("searchCriteria.$skip") or call.query("$skip") or "0"
    top = call.query("searchCriteria.$top") or call.query("$top") or "100"
    options = [f"--skip={int(skip)}", f"--max-count={int(top)}", at.commit] if (skip + top).isdigit() else [at.commit]
    author = call.query("searchCriteria.author")
    if author:
        options[:0] = ["--fixed-strings", f"--author={author}"]
    found = log(hosted.git, *options, paths=[path] if path else [])
    return collection(git_objects.commit(call, hosted, one) for one in found)


def _item_version(call: Call) -> Callable[[str], str | None]:
    return lambda part: (call.query(f"searchCriteria.itemVersion.{part}") or call.query(f"searchCriteria.{part}")
                         or descriptor(call)(part))


def _get(call: Call) -> dict[str, Any]:
    hosted = hosted_of(call)
    commit = _known(hosted, call.argument("commit"))
    return git_objects.commit(call, hosted, commit_record(hosted.git, commit), whole=True)


def _known(hosted: Hosted, name: str) -> str:
    commit = commit_of(hosted.git, name) if is_object_id(name) else None
    if commit is None:
        message = (f"TF401175:The version descriptor <Commit: {name} > could not be resolved to a version in the "
                   f"repository {hosted.name}")
        raise RestError(404, "GitUnresolvableToCommitException", message)
    return commit


def _merge_bases(call: Call) -> dict[str, Any]:
    hosted = hosted_of(call)
    one, other = (_known(hosted, name) for name in (call.argument("commit"), call.query("otherCommitId") or ""))
    return collection(git_objects.commit_reference(call, hosted, base) for base in merge_bases(hosted.git, one, other))


def _branches(call: Call) -> dict[str, Any]:
    """How far each branch is ahead of and behind a base; one branch alone is answered without an envelope."""
    hosted = hosted_of(call)
    refs = {one.name: one.object_id for one in listed_refs(hosted.git, HEADS)}
    if not refs:
        raise no_branches(hosted)
    base = version(hosted, descriptor(call, "baseVersionDescriptor")).commit
    base_name = call.query("baseVersionDescriptor.version")
    name = call.query("name")
    if name is None:
        return collection(_stats(call, hosted, one, (tip, base), base_name) for one, tip in refs.items())
    tip = commit_of(hosted.git, HEADS + name)
    if tip is None:
        message = (f"TF401175:The version descriptor <Branch: {name} > could not be resolved to a version in the "
                   f"repository {hosted.name}")
        raise RestError(404, "GitUnresolvableToCommitException", message)
    return _stats(call, hosted, HEADS + name, (tip, base), base_name)


def _stats(call: Call, hosted: Hosted, ref: str, commits: tuple[str, str], base_name: str | None) -> dict[str, Any]:
    tip, base = commits
    ahead, behind = (0, 0) if tip == base else ahead_behind(hosted.git, tip, base)
    return {"name": branch_name(ref), "aheadCount": ahead, "behindCount": behind,
            "isBaseVersion": branch_name(ref) == base_name if base_name else tip == base,
            "commit": git_objects.commit(call, hosted, commit_record(hosted.git, tip))}
