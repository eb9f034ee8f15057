"""What was merged, asked of an embedded organization; the step has no history of its own to look at."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.git.git_process import run_git
from sandbox.http.faults import Fault
from sandbox.http.server import Server
from steps import check_merged
from steps.lib import agent
from tests.sandbox.azure_devops.rest.office import Office, furnished
from tests.steps.fake_clock import FakeClock

MAIN = "refs/heads/main"
FEATURE = "refs/heads/feature/x"
TAG = "refs/tags/v1.2.0"
_AUTHOR = Author("Anna", "anna@example.com")


@dataclass
class Promotion:
    """A product with one commit on `main`; Anna's token stands in for that of the job."""

    office: Office
    churn: BareRepository

    @property
    def main(self) -> str:
        return self.churn.refs()[MAIN]

    def commit(self, ref: str, text: str) -> str:
        if ref not in self.churn.refs():
            self.churn.point(ref, self.main)
        return self.churn.commit_files(ref, {"a": File(text.encode())}, message=text, author=_AUTHOR)

    def merge(self, commit: str) -> None:
        """As a pull request does that is completed without a squash."""
        made = run_git("-c", "user.name=A", "-c", "user.email=a@example.com", "commit-tree", "-p", self.main, "-p",
                       commit, "-m", "Merge", f"{commit}^{{tree}}", folder=self.churn.path)
        self.churn.point(MAIN, made.decode().strip())

    def run(self, ref: str, commit: str, **changed: str) -> int:
        environ = {"SOURCE_BRANCH": ref, "SOURCE_COMMIT": commit, "SYSTEM_ACCESSTOKEN": self.office.token("anna"),
                   "REPOSITORY_URL": self.office.organisation.git_url("churn"), **changed}
        return agent.run(lambda given: check_merged.step(given, FakeClock()), environ)


@pytest.fixture
def promotion(tmp_path: Path) -> Iterator[Promotion]:
    organisation, clock = furnished(tmp_path / "organisation")
    with Server(organisation.application) as server:
        organisation.address = server.url
        office = Office(organisation, clock, server.url)
        yield Promotion(office, office.repository("churn", {"README.md": b"one\n"}))
        organisation.close()


@pytest.mark.parametrize("ref", [MAIN, TAG])
def test_a_commit_of_the_default_branch_passes_however_far_the_branch_has_moved_on(
        promotion: Promotion, ref: str) -> None:
    commit = promotion.main
    assert promotion.run(ref, commit) == 0
    promotion.commit(MAIN, "two")
    assert promotion.run(ref, commit) == 0


def test_a_tag_on_a_merged_commit_passes_also_beside_the_first_parents(promotion: Promotion) -> None:
    commit = promotion.commit(FEATURE, "x")
    promotion.commit(MAIN, "two")
    promotion.merge(commit)
    assert promotion.run(TAG, commit) == 0


def test_a_release_tag_on_a_commit_that_nobody_merged_is_refused(
        promotion: Promotion, capsys: pytest.CaptureFixture[str]) -> None:
    commit = promotion.commit(FEATURE, "x")
    assert promotion.run(TAG, commit) == 2
    said = capsys.readouterr().out
    assert f"{TAG}: its commit {commit[:12]} is not on 'main', expected a release of merged code; merge it" in said


def test_a_tag_on_a_commit_that_was_squashed_is_refused(promotion: Promotion) -> None:
    commit = promotion.commit(FEATURE, "x")
    promotion.commit(MAIN, "Merged PR 1: x")
    assert promotion.run(TAG, commit) == 2


def test_a_commit_of_another_branch_does_not_pass_as_one_of_the_default_branch(
        promotion: Promotion, capsys: pytest.CaptureFixture[str]) -> None:
    commit = promotion.commit(FEATURE, "x")
    assert promotion.run(MAIN, commit) == 2
    assert f"{MAIN}: commit {commit[:12]} of this run is not on it" in capsys.readouterr().out


def test_a_branch_that_may_be_deployed_passes_with_commits_of_its_own(promotion: Promotion) -> None:
    commit = promotion.commit("refs/heads/release", "x")
    promotion.commit("refs/heads/release", "y")
    assert promotion.run("refs/heads/release", commit) == 0


def test_a_history_of_its_own_was_never_merged(promotion: Promotion) -> None:
    stranger = run_git("-c", "user.name=A", "-c", "user.email=a@example.com", "commit-tree", "-m", "Alone",
                       f"{promotion.main}^{{tree}}", folder=promotion.churn.path).decode().strip()
    promotion.churn.point(TAG, stranger)
    assert promotion.run(TAG, stranger) == 2


def test_the_default_branch_is_that_of_the_service_whatever_a_run_says(promotion: Promotion) -> None:
    commit = promotion.commit(FEATURE, "x")
    assert promotion.run(TAG, commit, DEFAULT_BRANCH="feature/x") == 2
    run_git("symbolic-ref", "HEAD", FEATURE, folder=promotion.churn.path)
    assert promotion.run(TAG, commit) == 0


@pytest.mark.parametrize(("ref", "default", "branch"), [
    (TAG, "refs/heads/gone", "''"), ("refs/heads/gone", MAIN, "'refs/heads/gone'"),
    ("refs/pull/1/merge", MAIN, "'refs/pull/1/merge'"),
], ids=["default", "of the run", "pull request"])
def test_a_branch_that_is_gone_is_told(promotion: Promotion, capsys: pytest.CaptureFixture[str], ref: str,
                                       default: str, branch: str) -> None:
    run_git("symbolic-ref", "HEAD", default, folder=promotion.churn.path)
    assert promotion.run(ref, promotion.main) == 2
    assert f"repository analytics/churn: branch {branch} is not there, expected the one" in capsys.readouterr().out


def test_the_ref_of_a_pull_request_is_no_branch_although_it_is_there(promotion: Promotion) -> None:
    promotion.churn.point("refs/pull/1/merge", promotion.main)
    assert promotion.run("refs/pull/1/merge", promotion.main) == 2


def test_the_tip_of_the_branch_needs_no_look_at_its_history(promotion: Promotion) -> None:
    promotion.office.organisation.faults.add(Fault("*/mergeBases", status=500, times=None))
    assert promotion.run(TAG, promotion.main) == 0


def _hidden(office: Office) -> None:
    office.grant("anna", "GenericRead", deny=True)


@pytest.mark.parametrize(("hinder", "code"), [
    (_hidden, 1),
    (lambda office: office.organisation.faults.add(Fault("*/_apis/git/*", status=203, times=None)), 2),
    (lambda office: office.organisation.faults.add(Fault("*/mergeBases", status=404, times=None)), 1),
    (lambda office: office.organisation.faults.add(Fault("*/mergeBases", status=500, times=None)), 1),
], ids=["hidden", "not signed in", "commit is gone", "out of service"])
def test_nothing_passes_where_nobody_can_be_asked(promotion: Promotion, hinder: Callable[[Office], None],
                                                  code: int) -> None:
    commit = promotion.main
    promotion.commit(MAIN, "two")
    hinder(promotion.office)
    assert promotion.run(TAG, commit) == code


def test_a_repository_elsewhere_is_refused(promotion: Promotion, capsys: pytest.CaptureFixture[str]) -> None:
    assert promotion.run(TAG, promotion.main, REPOSITORY_URL="https://x:s3cret@git.test/churn") == 2
    out = capsys.readouterr().out
    assert "REPOSITORY_URL: got 'https://git.test/churn', expected that of a repository of Azure DevOps" in out


def test_credentials_of_the_environment_are_not_looked_at(promotion: Promotion) -> None:
    assert promotion.run(MAIN, promotion.main, AZURE_DEVOPS_EXT_PAT="x", ENTRA_CLIENT_SECRET="y") == 0
