"""The default branch of a repository: where its HEAD points."""
from __future__ import annotations

from collections.abc import Collection, Mapping

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import run_git
from sandbox.azure_devops.git.ref_change import HEADS

_USUAL = ("refs/heads/main", "refs/heads/master")


def head(repository: BareRepository) -> str:
    """The ref HEAD points to, whether it exists or not."""
    text = (repository.path / "HEAD").read_text(encoding="utf-8", errors="surrogateescape")
    return text.strip().removeprefix("ref: ")


def default_branch(repository: BareRepository, refs: Mapping[str, str] | None = None) -> str | None:
    """None in an empty repository, as in the service's answers."""
    known = repository.refs() if refs is None else refs
    return head(repository) if head(repository) in known else None


def set_default_branch(repository: BareRepository, ref: str) -> None:
    run_git("symbolic-ref", "HEAD", ref, folder=repository.path)


def adopt_first(repository: BareRepository, before: Collection[str], after: Collection[str]) -> None:
    """The first push into an empty repository makes one of its branches the default."""
    branches = sorted(ref for ref in after if ref.startswith(HEADS))
    if any(ref.startswith(HEADS) for ref in before) or not branches or head(repository) in branches:
        return
    set_default_branch(repository, next((ref for ref in _USUAL if ref in branches), branches[0]))
