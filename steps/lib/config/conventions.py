"""What is computed and never typed: the identity of a branch's cluster, its name and its tags.

Names are for people; identity is the exact triple of environment, repository and branch in the tags. A name that is not
the plain triple ends in a hash of it, and a plain one never looks as if it did: two branches never share a name.
"""
from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from steps.lib.errors import InputError
from steps.lib.target_environment import TargetEnvironment

MANAGED_BY = "brickline"
LONGEST_NAME = 100
LONGEST_TAG_VALUE = 256
IDENTITY_TAGS = ("environment", "repo", "branch", "managed_by")
_HEADS = "refs/heads/"
_HASH_DIGITS = 8
_ENDS_LIKE_A_HASH = re.compile(rf"-[0-9a-f]{{{_HASH_DIGITS}}}")
_ODD = re.compile(r"[^a-z0-9]+")
# https://git-scm.com/docs/git-check-ref-format
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^/|/$|\.$|(^|/)\.|\.lock(/|$)|^@$|^-")
# Databricks' own tag rules take only Latin-1 in values: https://github.com/databricks/cli/blob/main/libs/tags/azure.go
_NOT_IN_A_TAG = re.compile(r"[^\x20-\x7e\xa1-\xff]")


@dataclass(frozen=True)
class Identity:
    """Whose cluster it is. `branch` is without `refs/heads/`."""

    environment: TargetEnvironment
    repository: str
    branch: str

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.environment.value, self.repository, self.branch


def identity_of(environment: TargetEnvironment, repository: str, source_branch: str) -> Identity:
    """The identity for a full ref such as `refs/heads/feature/x`; an InputError for a ref that is no branch."""
    branch = source_branch.removeprefix(_HEADS)
    if not source_branch.startswith(_HEADS) or not branch:
        message = f"environment: SOURCE_BRANCH: got {source_branch!r}, expected a branch, 'refs/heads/<name>'"
        raise InputError([f"{message}; run the pipeline on a branch, not on a tag or pull request"])
    odd = _NO_BRANCH.search(branch)
    if odd:
        message = f"environment: SOURCE_BRANCH: {branch!r} cannot name a git branch because of {odd.group()!r}"
        raise InputError([f"{message}, expected a name git accepts; rename the branch"])
    return Identity(environment, repository, branch)


def cluster_name(identity: Identity) -> str:
    """`<environment>-<repo>-<branch>` in lower case, cleaned, at most 100 characters.

    It ends in a hash of the exact triple where it lost something: a character was replaced, it was cut, or the
    repository's own hyphens hide where it ends.
    """
    return readable_name(identity.triple, _ODD)


def readable_name(parts: Sequence[str], odd: re.Pattern[str]) -> str:
    """`parts` joined by hyphens in lower case, what is `odd` replaced by hyphens, at most 100 characters.

    A hash of the exact parts ends it where two names could meet: something was lost, or hyphens inside a part hide
    where it ends. In the first part, the environment, there are none.
    """
    plain = "-".join(parts)
    name = odd.sub("-", _without_accents(plain).lower()).strip("-")
    is_exact = name == plain and len(name) <= LONGEST_NAME and not any("-" in part for part in parts[1:-1])
    if is_exact and not _ENDS_LIKE_A_HASH.fullmatch(name[-_HASH_DIGITS - 1 :]):
        return name
    kept = name[: LONGEST_NAME - _HASH_DIGITS - 1].rstrip("-")
    return f"{kept}-{_digest(tuple(parts), _HASH_DIGITS)}"


def shared_identity(environment: TargetEnvironment, repository: str) -> Identity:
    """The identity of the cluster that all high-concurrency jobs of a product share in one environment.

    It outlives branches and release tags; `*` stands in no branch name, so that no branch's cluster is taken for it.
    """
    return Identity(environment, repository, "*")


def project_folder(environment: TargetEnvironment, repository: str, user: str) -> str:
    """The Git folder of a product; in `local` it is that of `user`, who committed."""
    owner = user if environment is TargetEnvironment.LOCAL else environment.value
    return f"/Repos/{owner}/{repository}"


def identity_tags(identity: Identity) -> dict[str, str]:
    """The tags by which a cluster is found again."""
    return dict(zip(IDENTITY_TAGS, (*map(tag_value, identity.triple), MANAGED_BY), strict=True))


def tag_value(text: str) -> str:
    """`text` exactly, where a tag can hold it; else its beginning, `~` and a hash of all of it.

    A tag holds at most 256 characters, all of Latin-1. `~` stands in no git branch and in no Azure repository name,
    so that a shortened value is never another's exact one.
    """
    if len(text) <= LONGEST_TAG_VALUE and not _NOT_IN_A_TAG.search(text) and "~" not in text:
        return text
    kept = _NOT_IN_A_TAG.sub("_", _without_accents(text))[:200]
    return f"{kept}~{_digest((text,), 16)}"


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _digest(parts: tuple[str, ...], digits: int) -> str:
    # NUL separates: it stands in no part, so that ("a", "b-c") and ("a-b", "c") differ.
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:digits]
