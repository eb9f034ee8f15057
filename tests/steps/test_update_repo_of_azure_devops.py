"""A Git folder of a repository in an embedded organization, where the step looks before the folder moves."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.git.git_process import run_git
from sandbox.http.faults import Fault
from sandbox.http.server import Server
from steps.update_repo import step
from tests.sandbox.azure_devops.rest.office import Office, furnished
from tests.steps.bench import Bench
from tests.steps.branch_bench import MAIN, admitted
from tests.steps.git_bench import FOLDER, GitBench, in_dev

TAG = "refs/tags/v1.0"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    organisation, clock = furnished(tmp_path / "organisation")
    with Server(organisation.application) as server:
        organisation.address = server.url
        yield Office(organisation, clock, server.url)
        organisation.close()


@pytest.fixture
def git(bench: Bench, office: Office) -> GitBench:
    repository = office.repository("churn", {"README.md": b"one\n"})
    in_dev(bench)
    admitted(bench, office)
    principal = bench.workspace.add_service_principal(bench.principal.client_id)
    bench.workspace.add_folder(FOLDER, principal)
    url = office.organisation.git_url("churn")
    bench.environ["REPOSITORY_URL"] = url
    made = GitBench(bench, url, repository, [])
    assert made.run(step, repository.refs()[MAIN]) == 0
    return made


def test_principal_of_the_environment_signs_in_for_the_workspace(git: GitBench) -> None:
    commit = git.commit("two\n")
    assert git.run(step, commit) == 0
    assert (git.folder()["head_commit_id"], git.text()) == (commit, "two\n")


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_folder_stays_where_it_is_when_the_branch_has_moved_on(
        git: GitBench, dry_run: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = git.folder()
    commit, newer = git.commit("two\n"), git.commit("three\n")
    assert git.run(step, commit, DRY_RUN=dry_run) == 1
    assert (git.folder(), git.bench.writes()) == (before, [])
    assert f"branch 'main' is at {newer[:12]}, expected {commit[:12]}" in capsys.readouterr().out


@pytest.mark.parametrize("options", [(), ("-a", "-m", "First release")], ids=["light", "annotated"])
def test_tag_of_a_release_is_checked_out_whatever_the_branch_does(git: GitBench, options: tuple[str, ...]) -> None:
    commit = git.commit("two\n")
    run_git("-c", "user.name=A", "-c", "user.email=a@example.com", "tag", *options, "v1.0", commit,
            folder=git.repository.path)
    git.commit("three\n")
    assert git.run(step, commit, TAG) == 0
    assert git.folder()["head_commit_id"] == commit


def test_branch_whose_name_only_begins_so_is_another(git: GitBench) -> None:
    commit = git.commit("two\n", "refs/heads/release")
    git.commit("three\n", "refs/heads/release-2")
    assert git.run(step, commit, "refs/heads/release") == 0


@pytest.mark.parametrize("hinder", [
    lambda office: office.organisation.faults.add(Fault("*/_apis/git/*", status=404, times=None)),
    lambda office: office.organisation.faults.add(Fault("*/_apis/git/*", status=203, times=None)),
], ids=["hidden", "not signed in"])
def test_repository_that_cannot_be_looked_at_is_a_warning(
        git: GitBench, office: Office, hinder: Callable[[Office], None], capsys: pytest.CaptureFixture[str]) -> None:
    hinder(office)
    assert git.run(step, git.commit("two\n")) == 0
    assert "##vso[task.logissue type=warning]cannot see in" in capsys.readouterr().out


def test_configured_token_is_used_for_both(git: GitBench, office: Office) -> None:
    office.organisation.accounts.check_bearer = lambda _token: None
    assert git.run(step, git.commit("two\n"), GIT_CREDENTIAL_TOKEN=office.token("anna")) == 0


def test_unchanged_folder_asks_nobody(git: GitBench, office: Office) -> None:
    office.organisation.log.clear()
    assert git.run(step, git.repository.refs()[MAIN]) == 0
    assert office.organisation.log.entries() == []


def test_other_files_of_a_newer_commit_never_come(git: GitBench) -> None:
    commit = git.commit("two\n")
    git.repository.commit_files(MAIN, {"secret.py": File(b"x")}, message="x", author=Author("A", "a@example.com"))
    assert git.run(step, commit) == 1
    assert not git.bench.workspace.state.files.tree.disk(f"{FOLDER}/churn/secret.py").exists()
