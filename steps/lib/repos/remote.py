"""The git repository behind a Git folder: its address, and the branch or tag that a run is about."""
from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from steps.lib.errors import InputError

_HEADS, _TAGS = "refs/heads/", "refs/tags/"


@dataclass(frozen=True)
class Ref:
    """`kind` is `branch` or `tag`, which is also the field of the Repos API; `name` is without `refs/heads/`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"


def ref_of(source_branch: str) -> Ref:
    """For a full ref; an InputError for one that a Git folder cannot check out, such as that of a pull request."""
    for kind, prefix in (("branch", _HEADS), ("tag", _TAGS)):
        name = source_branch.removeprefix(prefix)
        if name and name != source_branch:
            return Ref(kind, name)
    message = (f"environment: SOURCE_BRANCH: got {source_branch!r}, expected a branch or a tag, 'refs/heads/<name>' or "
               "'refs/tags/<name>'; run the pipeline on one of these")
    raise InputError([message])


def clean_url(url: str) -> str:
    """`url` without user name and password: Azure DevOps puts the organization's name there."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses are of one repository: Azure DevOps takes names in any case, escaped or not."""
    return _essence(one) == _essence(other)


def _essence(url: str) -> tuple[str, str]:
    parts = urlsplit(clean_url(url))
    return parts.netloc.casefold(), unquote(parts.path).rstrip("/").removesuffix(".git").casefold()
