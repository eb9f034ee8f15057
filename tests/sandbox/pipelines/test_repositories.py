"""Repositories: real git and plain folders."""
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.repositories import NO_SHA, Repositories


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A bare repository: `a.yml` is 1 on main and at the tag v1, 2 on feature/x; the default branch is main."""
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    for branch, text in (("main", "1"), ("feature/x", "2")):
        git(work, "checkout", "-q", "-B", branch)
        (work / "a.yml").write_text(text)
        git(work, "add", "a.yml")
        git(work, "commit", "-q", "-m", text)
        if branch == "main":
            git(work, "tag", "-a", "v1", "-m", "one")
    git(work, "checkout", "-q", "main")
    git(tmp_path, "clone", "-q", "--bare", str(work), "bare.git")
    return tmp_path / "bare.git"


@pytest.fixture
def repositories(bare: Path) -> Repositories:
    found = Repositories()
    found.add_git("project/shared", bare)
    return found


@pytest.mark.parametrize(
    ("ref", "full", "text"),
    [
        (None, "refs/heads/main", b"1"), ("main", "refs/heads/main", b"1"), ("v1", "refs/tags/v1", b"1"),
        ("refs/tags/v1", "refs/tags/v1", b"1"), ("feature/x", "refs/heads/feature/x", b"2"),
        ("refs/heads/feature/x", "refs/heads/feature/x", b"2"),
    ],
)
def test_ref_is_resolved_and_read(repositories: Repositories, ref: str | None, full: str, text: bytes) -> None:
    commit = repositories.resolve("shared", ref)
    assert (commit.repository, commit.ref) == ("project/shared", full)
    assert repositories.read(commit, "/a.yml") == text


def test_sha_is_a_ref(repositories: Repositories) -> None:
    sha = repositories.resolve("shared", "feature/x").sha
    assert repositories.resolve("shared", sha).sha == sha


def test_annotated_tag_is_its_commit(repositories: Repositories) -> None:
    assert repositories.resolve("shared", "v1").sha == repositories.resolve("shared", "main").sha


@pytest.mark.parametrize("ref", ["nowhere", "refs/heads/v1", "--help", "a" * 40, "main^{tree}", "main~0", "ma*n", ""])
def test_unknown_ref_lists_what_exists(repositories: Repositories, ref: str) -> None:
    with pytest.raises(PipelineError, match="it has 'refs/heads/feature/x', 'refs/heads/main', 'refs/tags/v1'"):
        repositories.resolve("shared", ref)


@pytest.mark.parametrize("name", ["other", "another/shared", "shared/project"])
def test_unknown_repository_lists_what_exists(repositories: Repositories, name: str) -> None:
    with pytest.raises(PipelineError, match=f"Repository '{name}' does not exist; there are 'project/shared'"):
        repositories.resolve(name)


@pytest.mark.parametrize("name", ["project/shared", "Project/Shared", "shared", "SHARED"])
def test_name_folds_case_and_may_lack_its_project(repositories: Repositories, bare: Path, name: str) -> None:
    assert repositories.path_of(name) == bare
    assert repositories.is_git(name)


@pytest.mark.parametrize("path", ["nowhere.yml", "A.yml", "../bare.git/HEAD", "/../../etc/passwd", ""])
def test_absent_file_is_none(repositories: Repositories, path: str) -> None:
    assert repositories.read(repositories.resolve("shared"), path) is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "plain"
    inner.mkdir()
    (inner / "a.yml").write_text("now")
    (tmp_path / "outside.yml").write_text("outside")
    (inner / "link.yml").symlink_to(tmp_path / "outside.yml")
    return inner


def test_folder_is_what_it_is_now_at_every_ref(folder: Path) -> None:
    repositories = Repositories()
    repositories.add_folder("self", folder)
    commit = repositories.resolve("self", "refs/tags/v9")
    assert (commit.ref, commit.sha) == ("refs/tags/v9", NO_SHA)
    assert repositories.read(commit, "a.yml") == b"now"
    assert not repositories.is_git("self")


@pytest.mark.parametrize("path", ["link.yml", "../outside.yml", "/../outside.yml", "."])
def test_nothing_outside_a_folder_is_read(folder: Path, path: str) -> None:
    repositories = Repositories()
    repositories.add_folder("self", folder)
    assert repositories.read(repositories.resolve("self"), path) is None


def test_folder_that_is_a_work_tree_has_a_sha(bare: Path) -> None:
    repositories = Repositories()
    repositories.add_folder("self", bare.parent / "work")
    assert repositories.resolve("self").sha == git(bare, "rev-parse", "main")


def test_folders_may_stand_for_single_refs(folder: Path) -> None:
    repositories = Repositories()
    other = folder.parent / "other"
    other.mkdir()
    (other / "a.yml").write_text("other")
    repositories.add_folder("shared", folder, ref="refs/tags/v1")
    repositories.add_folder("shared", other, ref="v2")
    texts = [repositories.read(repositories.resolve("shared", ref), "a.yml") for ref in ("v1", "refs/tags/v2")]
    assert texts == [b"now", b"other"]
    assert repositories.path_of("shared", "refs/tags/v2") == other
    with pytest.raises(PipelineError, match="has no ref 'refs/heads/main'; it has 'refs/tags/v1', 'v2'"):
        repositories.resolve("shared", "refs/heads/main")


def test_folder_inside_a_repository_is_not_that_repository(bare: Path) -> None:
    inner = bare.parent / "work" / "inner"
    inner.mkdir()
    repositories = Repositories()
    repositories.add_folder("plain", inner)
    repositories.add_git("git", inner)
    assert repositories.resolve("plain").sha == NO_SHA
    with pytest.raises(PipelineError, match="Repository 'git' has no ref 'main'; it has none"):
        repositories.resolve("git", "main")
