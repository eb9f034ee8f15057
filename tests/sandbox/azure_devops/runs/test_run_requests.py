"""What the organisation gives to its runs."""
from __future__ import annotations

from sandbox.http.message import Headers, Request
from tests.sandbox.azure_devops.deployer import Deployer, log_of

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
