"""Commits and what they hold, as the routes of Azure Repos write them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.git.commits import CommitRecord, Signature, commit_record
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.refs_listing import commit_of
from sandbox.azure_devops.rest.call import Call, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git.git_call import repository_url, web_url

_KINDS = {"branch": "refs/heads/", "tag": "refs/tags/", "commit": ""}
_SHOWN = {"branch": "Branch", "tag": "Tag", "commit": "Commit"}
_COMMENT = 100


def signature(who: Signature) -> dict[str, Any]:
    return {"name": who.name, "email": who.email, "date": timestamp(who.time)}


def commit_reference(call: Call, hosted: Hosted, commit: str) -> dict[str, Any]:
    return {"commitId": commit, "url": f"{repository_url(call, hosted)}/commits/{commit}"}


def commit(call: Call, hosted: Hosted, record: CommitRecord, *, whole: bool = False) -> dict[str, Any]:
    """A commit of a list, its message cut; `whole` is one asked for by itself."""
    cut = not whole and len(record.message) > _COMMENT
    row = {**commit_reference(call, hosted, record.id), "treeId": record.tree, "parents": list(record.parents),
           "author": signature(record.author), "committer": signature(record.committer),
           "comment": record.message[:_COMMENT] if cut else record.message,
           "remoteUrl": f"{web_url(call, hosted)}/commit/{record.id}"}
    return {**row, "commentTruncated": True} if cut else row


class Version:
    """What a version descriptor stands for: a commit, and how messages name it."""

    def __init__(self, commit_id: str, shown: str) -> None:
        self.commit = commit_id
        self.shown = shown


def version(hosted: Hosted, get: Callable[[str], str | None]) -> Version:
    """The commit of a descriptor whose parts `get` gives: `version`, `versionType`, `versionOptions`.

    Without a version it is the default branch.
    """
    kind = (get("versionType") or "branch").casefold()
    if kind not in _KINDS:
        message = f"The version type '{get('versionType')}' is not valid, expected one of: branch, tag, commit."
        raise bad_request(message, "InvalidArgumentValueException")
    name = get("version") or ""
    commit_id = commit_of(hosted.git, _KINDS[kind] + name if name else "HEAD")
    if commit_id is None and not name:
        raise no_branches(hosted)
    if commit_id is None:
        message = (f"TF401175:The version descriptor <{_SHOWN[kind]}: {name} > could not be resolved to a version in "
                   f"the repository {hosted.name}")
        raise RestError(404, "GitUnresolvableToCommitException", message)
    return _with_options(hosted, Version(commit_id, f"<{_SHOWN[kind]}: {name} >"), get("versionOptions"))


def _with_options(hosted: Hosted, found: Version, options: str | None) -> Version:
    if (options or "none").casefold() == "none":
        return found
    parents = commit_record(hosted.git, found.commit).parents
    if not parents or (options or "").casefold() != "firstparent":
        message = f"versionOptions '{options}': the sandbox has no such commit for {found.shown}."
        raise bad_request(message, "InvalidArgumentValueException")
    return Version(parents[0], found.shown)


def descriptor(call: Call, prefix: str = "versionDescriptor") -> Callable[[str], str | None]:
    """The parts of a version descriptor in the query, `versionDescriptor.version` or plain `version`."""
    return lambda part: call.query(f"{prefix}.{part}") or call.query(part)


def no_branches(hosted: Hosted) -> RestError:
    message = f"VS403403: Cannot find any branches for the {hosted.name} repository."
    return bad_request(message)


def no_item(hosted: Hosted, path: str, at: Version) -> RestError:
    message = (f"TF401174: The item '{path}' could not be found in the repository '{hosted.name}' at the version "
               f"specified by '{at.shown}' (resolved to commit '{at.commit}')")
    return RestError(404, "GitItemNotFoundException", message)


def item_url(call: Call, hosted: Hosted, path: str, at: Version) -> str:
    return f"{repository_url(call, hosted)}/items?path={quote(path)}&versionType=Commit&version={at.commit}"
