from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.http.faults import Fault
from setup.copy_files import step
from setup.lib.copying.shipped_files import shipped_files
from tests.setup import contents
from tests.setup.bench import RELEASE, SetupBench
from tests.setup.granted import let_copy

BRANCH = "refs/heads/brickline/set-up"
CONFIG = "cluster_and_libraries_config.json"
LISTENER = "pipelines_definitions/pipeline_cluster.yml"
VALUES = {"project": "platform", "cicd_repository": "cicd", "cicd_ref": RELEASE, "default_branch": "main",
          "team": "data_science", "product": "churn"}
SHIPPED = {file.path: file.content for file in shipped_files(VALUES, scaffold=False)}
OLDER = SHIPPED[LISTENER].replace(b"v0.1.0", b"v0.0.9")
MINIMUM_REVIEWERS = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"


def as_admin(bench: SetupBench, method: str, path: str, **rest: Any) -> Any:
    url = f"{bench.url}/analytics/_apis/{path}"
    reply = requests.request(method, url, auth=("", "admins-token"), timeout=20, params={"api-version": "7.1"}, **rest)
    reply.raise_for_status()
    return reply.json()


def protect(bench: SetupBench) -> None:
    """Changes of main need a reviewer, and so a pull request."""
    record = bench.analytics.repositories.record("churn")
    assert record is not None
    scope = [{"repositoryId": record.id, "refName": "refs/heads/main", "matchKind": "exact"}]
    as_admin(bench, "POST", "policy/configurations", json={
        "isEnabled": True, "isBlocking": True, "type": {"id": MINIMUM_REVIEWERS},
        "settings": {"minimumApproverCount": 1, "creatorVoteCounts": False, "scope": scope}})


def pull_requests(bench: SetupBench, status: str = "active") -> list[dict[str, Any]]:
    path = f"git/repositories/churn/pullrequests?searchCriteria.status={status}"
    found: list[dict[str, Any]] = as_admin(bench, "GET", path)["value"]
    return found


def files(bench: SetupBench, ref: str = BRANCH) -> dict[str, bytes]:
    return contents.files(bench.analytics.repositories["churn"], ref)


@pytest.fixture
def protected(bench: SetupBench) -> SetupBench:
    let_copy(bench)
    bench.repository("churn", {"README.md": b"churn\n"})
    protect(bench)
    bench.organisation.log.clear()
    return bench


@pytest.fixture
def outdated(bench: SetupBench) -> SetupBench:
    """Everything is there, but the listener is that of an older release."""
    let_copy(bench)
    bench.repository("churn", {**SHIPPED, LISTENER: OLDER})
    return bench


def kinds(bench: SetupBench) -> list[str]:
    return [write.rpartition("/")[2].lower() for write in bench.writes()]


def test_a_protected_branch_gets_a_pull_request_with_every_file(protected: SetupBench) -> None:
    assert protected.run(step) == 0
    (made,) = pull_requests(protected)
    assert (made["sourceRefName"], made["targetRefName"]) == (BRANCH, "refs/heads/main")
    assert files(protected) == SHIPPED | {"README.md": b"churn\n"}
    assert list(files(protected, "refs/heads/main")) == ["README.md"]


def test_the_summary_links_the_pull_request(protected: SetupBench) -> None:
    assert protected.run(step) == 0
    summary = (protected.folder / "generated/summary/copy_files.md").read_text()
    number = pull_requests(protected)[0]["pullRequestId"]
    assert f"[open](<{protected.url}/analytics/_git/churn/pullrequest/{number}>)" in summary


def test_a_second_run_sends_no_write(protected: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert protected.run(step) == 0
    protected.organisation.log.clear()
    assert protected.run(step) == 0
    assert protected.writes() == []
    assert f"copy files: {len(SHIPPED) + 1} already there" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(protected: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert protected.run(step, DRY_RUN="True") == 0
    assert protected.writes() == []
    assert f"copy files: {len(SHIPPED) + 1} to be created" in capsys.readouterr().out


def test_a_run_killed_between_push_and_pull_request_is_continued(protected: SetupBench) -> None:
    protected.organisation.faults.add(Fault("*/pullRequests", "POST", status=400))
    assert protected.run(step) != 0
    protected.organisation.log.clear()
    assert protected.run(step) == 0
    assert kinds(protected) == ["pullrequests"]
    assert len(pull_requests(protected)) == 1


@pytest.mark.parametrize("path", ["*/pushes", "*/pullRequests"])
def test_a_lost_reply_makes_nothing_twice(protected: SetupBench, path: str) -> None:
    protected.organisation.faults.add(Fault(path, "POST", when="after"))
    assert protected.run(step) == 0
    assert len(pull_requests(protected)) == 1
    commits = contents.git(protected.analytics.repositories["churn"], "rev-list", "--count", BRANCH)
    assert commits.strip() == b"2"


def test_what_a_reviewer_put_on_the_branch_stays(protected: SetupBench) -> None:
    assert protected.run(step) == 0
    protected.repository("churn", {CONFIG: b'{"reviewed": 1}'}, branch="brickline/set-up")
    assert protected.run(step, UPDATE_PIPELINES="True") == 0
    assert files(protected)[CONFIG] == b'{"reviewed": 1}'


def test_a_branch_of_this_name_that_is_somebody_s_is_left_alone(protected: SetupBench) -> None:
    protected.repository("churn", {"mine.txt": b"1"}, branch="brickline/set-up")
    assert protected.run(step) == 0
    assert list(files(protected)) == ["mine.txt"]
    assert pull_requests(protected)[0]["sourceRefName"] == f"{BRANCH}-2"


def test_a_branch_in_the_way_is_refused(protected: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    protected.repository("churn", {"mine.txt": b"1"}, branch="brickline")
    assert protected.run(step) == 2
    assert "branch 'brickline': is in the way of the branch 'brickline/set-up'" in capsys.readouterr().out
    assert protected.writes() == []


def test_a_policy_that_only_the_push_meets_leads_to_a_pull_request(protected: SetupBench) -> None:
    nothing = Fault("*/policy/configurations", "GET", status=200, body=b'{"count":0,"value":[]}', times=1,
                    headers={"Content-Type": "application/json"})
    protected.organisation.faults.add(nothing)
    assert protected.run(step) == 0
    assert len(pull_requests(protected)) == 1


def test_an_older_listener_is_renewed_through_a_pull_request(outdated: SetupBench) -> None:
    assert outdated.run(step, UPDATE_PIPELINES="True") == 0
    assert len(pull_requests(outdated)) == 1
    assert files(outdated)[LISTENER] == SHIPPED[LISTENER]
    assert files(outdated, "refs/heads/main")[LISTENER] == OLDER


def test_renewing_twice_sends_no_second_write(outdated: SetupBench) -> None:
    assert outdated.run(step, UPDATE_PIPELINES="True") == 0
    outdated.organisation.log.clear()
    assert outdated.run(step, UPDATE_PIPELINES="True") == 0
    assert outdated.writes() == []


def test_missing_files_are_pushed_and_older_ones_proposed(bench: SetupBench) -> None:
    let_copy(bench)
    bench.repository("churn", {LISTENER: OLDER})
    assert bench.run(step, UPDATE_PIPELINES="True") == 0
    assert set(files(bench, "refs/heads/main")) == set(SHIPPED)
    assert files(bench)[LISTENER] == SHIPPED[LISTENER]


def test_the_set_up_branch_starts_no_pipeline(protected: SetupBench) -> None:
    assert protected.run(step) == 0
    assert "[skip ci]" in contents.message(protected.analytics.repositories["churn"], BRANCH)
