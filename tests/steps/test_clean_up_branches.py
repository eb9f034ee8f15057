"""Merged branches and the clusters of branches that are gone, in an embedded organization and a workspace."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.azure_devops.policies.configuration import MINIMUM_REVIEWERS
from sandbox.azure_devops.security import namespaces
from sandbox.http.faults import Fault
from sandbox.http.message import Request, Response
from sandbox.http.server import Server
from tests.sandbox.azure_devops.rest.office import Office, furnished
from tests.steps.bench import Bench
from tests.steps.branch_bench import DAY, MAIN, REPOSITORY, BranchBench, admitted, policy

ODD = "feature/a&b#c d%20+é".replace(" ", "_")


@pytest.fixture
def site(bench: Bench, tmp_path: Path) -> Iterator[BranchBench]:
    organisation, clock = furnished(tmp_path / "organisation")
    asked: list[Callable[[Request], None]] = []

    def answer(request: Request) -> Response:
        for told in asked:
            told(request)
        return organisation.application(request)

    with Server(answer) as server:
        organisation.address = server.url
        office = Office(organisation, clock, server.url)
        office.repository("churn", {"README.md": b"one\n"})
        admitted(bench, office)
        yield BranchBench(bench, office, tmp_path, asked)
        organisation.close()


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def push(site: BranchBench, *refs: str) -> None:
    site.anna.git("push", "-q", "origin", *refs)


def work_on(site: BranchBench, name: str, *, base: str = "main") -> None:
    """Anna makes a branch, pushes it as it is, and then a commit of her own."""
    site.anna.git("checkout", "-q", "-b", name, base)
    push(site, name)
    site.anna.commit(f"{name.replace('/', '_')}.txt", "x")
    push(site, name)


def merge_by_hand(site: BranchBench, name: str, *options: str) -> None:
    site.anna.git("checkout", "-q", "main")
    site.anna.git("merge", "-q", *options, name)
    push(site, "main")


@pytest.mark.parametrize("strategy", ["squash", "noFastForward"])
def test_branch_of_a_completed_pull_request_is_deleted(site: BranchBench, strategy: str) -> None:
    site.commit("feature/x")
    site.merge("feature/x", strategy)
    assert site.run() == 0
    assert site.branches == set()
    assert site.writes() == ["POST refs"]


@pytest.mark.parametrize("strategy", ["rebase", "rebaseMerge"])
def test_branch_that_a_rebase_rewrote_is_never_lost_unmerged(site: BranchBench, strategy: str) -> None:
    site.commit("feature/x")
    site.merge("feature/x", strategy)
    assert site.run() == 0
    assert "feature_x" in site.paths(MAIN)


def test_second_run_finds_nothing_to_do(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.cluster("feature/x")
    site.run()
    printed(capsys)
    assert site.run() == 0
    assert site.writes() == []
    assert "unchanged: no branch was merged" in printed(capsys)


def test_branch_that_was_only_just_made_stays(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    site.anna.git("branch", "feature/fresh")
    push(site, "feature/fresh")
    site.office.clock.advance(100 * DAY)
    assert site.run() == 0
    assert site.branches == {"feature/fresh"}
    assert "unchanged: branch 'feature/fresh'" in (out := printed(capsys))
    assert "nothing proves that it ever had commits" in out


def test_fresh_branch_that_was_brought_up_to_date_stays(site: BranchBench) -> None:
    site.anna.git("branch", "feature/fresh")
    push(site, "feature/fresh")
    site.anna.commit("main.txt", "x")
    push(site, "main")
    push(site, "main:feature/fresh")
    site.office.clock.advance(100 * DAY)
    assert site.run() == 0
    assert site.branches == {"feature/fresh"}


@pytest.mark.parametrize("options", [("--no-ff",), ("--ff-only",)], ids=["merge commit", "fast forward"])
def test_branch_merged_by_hand_goes_after_a_week(site: BranchBench, options: tuple[str, ...]) -> None:
    work_on(site, "feature/x")
    merge_by_hand(site, "feature/x", *options)
    site.office.clock.advance(6 * DAY)
    assert [site.run(), site.branches] == [0, {"feature/x"}]
    site.office.clock.advance(2 * DAY)
    assert [site.run(), site.branches] == [0, set()]


def test_age_is_a_setting(site: BranchBench) -> None:
    work_on(site, "feature/x")
    merge_by_hand(site, "feature/x")
    assert [site.run(MINIMUM_AGE_DAYS="0"), site.branches] == [0, set()]


def test_branch_made_again_under_an_old_name_stays(site: BranchBench) -> None:
    work_on(site, "feature/x")
    merge_by_hand(site, "feature/x")
    push(site, ":feature/x")
    push(site, "main:refs/heads/feature/x")
    site.office.clock.advance(100 * DAY)
    assert [site.run(), site.branches] == [0, {"feature/x"}]


def test_branch_that_went_on_after_its_pull_request_stays(
        site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.commit("feature/x", "more")
    assert [site.run(), site.branches] == [0, {"feature/x"}]
    assert "no pull request merged exactly this one" in printed(capsys)


def test_unmerged_and_abandoned_branches_stay(site: BranchBench) -> None:
    for name in ("feature/new", "feature/abandoned"):
        site.commit(name)
    number = site.pull_request("feature/abandoned")
    site.office.send("PATCH", f"{REPOSITORY}/pullRequests/{number}", json={"status": "abandoned"})
    assert [site.run(), site.branches] == [0, {"feature/new", "feature/abandoned"}]


def test_merge_into_another_branch_proves_nothing(site: BranchBench) -> None:
    site.commit("feature/base")
    site.commit("feature/x")
    site.merge("feature/x", target="refs/heads/feature/base")
    assert [site.run(), site.branches] == [0, {"feature/base", "feature/x"}]


@pytest.mark.parametrize("source", ["feature/x", "feature/y"], ids=["source", "target"])
def test_branch_of_an_open_pull_request_stays(site: BranchBench, source: str) -> None:
    for name in ("feature/x", "feature/y"):
        site.commit(name)
        site.merge(name)
    site.pull_request(source, "refs/heads/feature/y" if source == "feature/x" else "refs/heads/feature/x")
    assert [site.run(), site.branches] == [0, {"feature/x", "feature/y"}]


def test_locked_branch_stays(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.office.send("PATCH", f"{REPOSITORY}/refs", params={"filter": "heads/feature/x"}, json={"isLocked": True})
    assert [site.run(), site.branches] == [0, {"feature/x"}]
    assert "(it is locked)" in printed(capsys)


def test_branch_under_a_policy_stays(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("feature/safe/x", "feature/y"):
        site.commit(name)
        site.merge(name)
    site.office.send("POST", "analytics/_apis/policy/configurations", "admin", json=policy(
        MINIMUM_REVIEWERS, repositoryId=None, refName="refs/heads/feature/safe", matchKind="prefix"))
    assert [site.run(), site.branches] == [0, {"feature/safe/x"}]
    assert "(a policy protects it)" in printed(capsys)


def test_only_branches_with_the_prefix_may_go(site: BranchBench) -> None:
    for name in ("feature/x", "fix/x", "features"):
        site.commit(name)
        site.merge(name)
    assert [site.run(), site.branches] == [0, {"fix/x", "features"}]


def test_default_branch_stays_whatever_the_prefix(site: BranchBench) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    assert site.run(BRANCH_PREFIXES="main, feature/") == 0
    assert MAIN in site.churn.refs()
    assert site.branches == set()


def test_names_with_odd_characters_are_told_apart(site: BranchBench) -> None:
    for name in (ODD, "feature/a"):
        site.commit(name)
    site.merge(ODD)
    assert [site.run(), site.branches] == [0, {"feature/a"}]


def test_many_pull_requests_of_a_name_are_all_looked_at(site: BranchBench) -> None:
    site.commit("feature/x")
    for number in range(3):
        site.commit("feature/x", f"round {number}")
        site.merge("feature/x", "noFastForward")
    assert [site.run(), site.branches] == [0, set()]


def test_branch_pushed_between_plan_and_deletion_stays(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    cluster = site.cluster("feature/x")

    def meanwhile(request: Request) -> None:
        if request.method == "POST" and request.path.endswith("/refs"):
            site.commit("feature/x", "meanwhile")

    site.asked.append(meanwhile)
    assert [site.run(), site.branches, cluster in site.clusters] == [0, {"feature/x"}, True]
    assert "branch 'feature/x' of analytics/churn stays: somebody pushed to it meanwhile" in printed(capsys)


def test_missing_permission_names_what_to_grant(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    record = site.office.project.repositories.record("churn")
    member = site.office.organisation.directory.find(site.bench.principal.client_id)
    assert record is not None
    assert member is not None
    token = namespaces.repository_token(site.office.project.id, record.id, "refs/heads/feature")
    site.office.organisation.access.grant(namespaces.GIT, token, member, deny=8)
    site.commit("feature/x")
    site.merge("feature/x")
    gone = site.cluster("feature/gone")
    assert [site.run(), site.branches, gone in site.clusters] == [1, {"feature/x"}, False]
    assert "'Force push (rewrite history, delete branches and tags)' on the branches below 'feature'" in printed(capsys)


def test_clusters_of_deleted_branches_go_with_them_and_nothing_else(site: BranchBench) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.commit("feature/alive")
    kept = {site.cluster("feature/alive"), site.cluster("*"), site.cluster("main"),
            site.cluster("feature/gone", repo="other"), site.cluster("feature/gone", environment="dev"),
            site.cluster("feature/gone", managed_by="anna"), *site.bench.workspace.add_foreign_clusters(2)}
    site.cluster("feature/x")
    site.cluster("feature/gone")
    assert site.run() == 0
    assert site.clusters == kept


def test_pinned_cluster_is_reported_and_never_unpinned(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = site.cluster("feature/gone")
    site.bench.by_hand("/api/2.1/clusters/pin", {"cluster_id": cluster})
    assert [site.run(), site.clusters, site.writes()] == [0, {cluster}, []]
    assert "admin@example.test pinned it; unpin it and run again" in printed(capsys)


def test_cluster_that_may_not_be_deleted_is_told_and_the_others_go(
        site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = site.cluster("feature/a"), site.cluster("feature/b")
    body = json.dumps({"error_code": "PERMISSION_DENIED", "message": "not you"}).encode()
    site.bench.workspace.faults.add(Fault("*/permanent-delete", status=403, body=body))
    assert site.run() == 1
    assert len(site.clusters & {first, second}) == 1
    assert "stays: POST /api/2.1/clusters/permanent-delete" in printed(capsys)


def test_nothing_is_cleaned_up_where_the_default_branch_is_not_seen(
        site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = site.cluster("feature/gone")
    body = b'{"count":0,"value":[]}'
    site.office.organisation.faults.add(Fault("*/refs*", method="GET", status=200, body=body, times=None,
                                              headers={"Content-Type": "application/json"}))
    assert [site.run(), site.clusters] == [2, {cluster}]
    assert "its default branch 'refs/heads/main' is not among the 0 branches" in printed(capsys)


def test_dry_run_shows_everything_and_sends_no_write(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    tip = site.commit("feature/x")
    number = site.merge("feature/x")
    site.cluster("feature/x")
    assert [site.run(DRY_RUN="true"), site.writes()] == [0, []]
    out = printed(capsys)
    assert f"delete: branch 'feature/x' at {tip[:12]} (pull request {number} merged exactly this commit)" in out
    assert "of branch 'feature/x', which is gone" in out
    assert site.bench.outputs(out) == {"changes": "2"}


def test_only_what_was_approved_is_deleted(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("feature/x", "feature/late"):
        site.commit(name)
    site.merge("feature/x")
    site.cluster("feature/x")
    site.run(DRY_RUN="true")
    site.merge("feature/late")
    late = site.cluster("feature/gone")
    assert site.run(APPROVED_PLANS_DIRECTORY=str(site.bench.generated / "plans")) == 0
    assert (site.branches, site.clusters) == ({"feature/late"}, {late})
    assert "2 deletions came up since the approval, for the next run" in printed(capsys)


@pytest.mark.parametrize("route", ["*/refs", "*/permanent-delete"], ids=["branches", "cluster"])
def test_lost_reply_is_no_failure(site: BranchBench, route: str) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.cluster("feature/x")
    faults = site.bench.workspace.faults if "delete" in route else site.office.organisation.faults
    faults.add(Fault(route, method="POST", when="after"))
    assert [site.run(), site.branches, site.clusters] == [0, set(), set()]


def test_throttling_is_waited_out(site: BranchBench) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.office.organisation.faults.add(Fault("*/_apis/git/*", status=429, times=3, headers={"Retry-After": "7"}))
    assert [site.run(), site.branches] == [0, set()]
    assert site.bench.clock.seconds >= 21


def test_token_of_its_own_may_be_used_in_azure_devops(site: BranchBench) -> None:
    site.commit("feature/x")
    site.merge("feature/x")
    site.office.grant("anna", "ForcePush")
    assert [site.run(AZURE_DEVOPS_EXT_PAT=site.office.token("anna")), site.branches] == [0, set()]


def test_repository_renamed_since_is_refused(site: BranchBench, capsys: pytest.CaptureFixture[str]) -> None:
    record = site.office.project.repositories.record("churn")
    assert record is not None
    assert site.run(REPOSITORY_NAME=record.id) == 2
    assert f"the service gives 'churn', expected '{record.id}'" in printed(capsys)


@pytest.mark.parametrize("days", ["-1", "soon"])
def test_age_that_is_no_number_is_refused(site: BranchBench, days: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.run(MINIMUM_AGE_DAYS=days) == 2
    assert f"MINIMUM_AGE_DAYS: got '{days}'" in printed(capsys)
