"""What the organisation gives to its runs."""
from __future__ import annotations

import uuid

from sandbox.azure_devops.runs.run_order import PullRequestFacts
from sandbox.http.message import Headers, Request
from tests.sandbox.azure_devops.deployer import ANNA, Deployer, log_of

SHOW = "{bash: 'printf %s \"$TOKEN\" > \"$SIGNAL\"', env: {TOKEN: $(System.AccessToken)}}"
WAIT = "{bash: 'while [ -e \"$SIGNAL\" ]; do sleep 0.02; done'}"
COUNT = """
    name: r$(Rev:r)
    variables: {number: "$[counter('x', 5)]"}
    steps: [{checkout: none}, {bash: 'echo "count $NUMBER $BUILD_BUILDNUMBER"'}]
    """


def caller(deployer: Deployer, token: str) -> object:
    headers = Headers([("Authorization", f"Bearer {token}")])
    return deployer.organisation.accounts.caller(Request("GET", "/", headers=headers))


def test_a_run_has_a_token_of_its_own_that_ends_with_it(deployer: Deployer) -> None:
    deployer.run(f"steps: [{{checkout: none}}, {SHOW}]")
    token = deployer.signal.read_text(encoding="utf-8")
    assert len(token) > 30
    assert caller(deployer, token) is None


def test_the_token_of_a_run_is_the_build_service(deployer: Deployer) -> None:
    deployer.commit(f"steps: [{{checkout: none}}, {SHOW}, {WAIT}]")
    deployer.queue()
    deployer.await_signal()
    assert "Build Service" in str(caller(deployer, deployer.signal.read_text(encoding="utf-8")))
    deployer.signal.unlink()
    deployer.finish()


def test_a_pipeline_counts_on_from_run_to_run(deployer: Deployer) -> None:
    logs = "".join(log_of(deployer.run(COUNT)) for _ in range(2))
    assert [line for line in logs.splitlines() if line.startswith("count")] == ["count 5 r1", "count 6 r2"]


def test_a_branch_whose_name_is_no_utf_8_can_run(deployer: Deployer) -> None:
    branch = b"feature/\xff".decode(errors="surrogateescape")
    run = deployer.run("steps: [{bash: 'echo \"on $(Build.SourceBranch) $BUILD_SOURCEBRANCHNAME\"'}]", branch)
    assert run.outcome == "succeeded"


def test_a_run_of_a_pull_request_knows_it(deployer: Deployer) -> None:
    commit = deployer.commit("""
        steps: [{checkout: none}, {bash: 'env | grep -E "^(SYSTEM_PULLREQUEST|BUILD_REASON|BUILD_SOURCEB)"'}]
        """)
    deployer.organisation.home.repositories["churn"].point("refs/pull/4/merge", commit)
    asked = PullRequestFacts(4, "refs/heads/feature/x", "refs/heads/main", "http://sandbox.test/churn")
    run = deployer.organisation.queue_run(deployer.pipeline, "refs/pull/4/merge", ANNA, reason="PullRequest",
                                          pull_request=asked)
    deployer.finish()
    assert run is not None
    lines = log_of(run).splitlines()
    assert {"SYSTEM_PULLREQUEST_PULLREQUESTID=4", "SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/feature/x",
            "SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main", "SYSTEM_PULLREQUEST_TARGETBRANCHNAME=main",
            "BUILD_REASON=PullRequest", "BUILD_SOURCEBRANCH=refs/pull/4/merge"} <= set(lines)


def test_a_job_knows_its_plan_and_where_it_asks_for_tokens(deployer: Deployer) -> None:
    deployer.run("steps: [{checkout: none}, "
                 "{bash: 'echo \"$SYSTEM_PLANID $SYSTEM_JOBID $SYSTEM_OIDCREQUESTURI\" > $SIGNAL'}]")
    plan, job, uri = deployer.signal.read_text(encoding="utf-8").split()
    assert (str(uuid.UUID(plan)), str(uuid.UUID(job))) == (plan, job)
    scope = f"{deployer.organisation.collection_uri}{deployer.organisation.home.id}"
    assert uri == f"{scope}/_apis/distributedtask/hubs/build/plans/{plan}/jobs/{job}/oidctoken"
    assert plan == deployer.organisation.work.plan_id(1)
