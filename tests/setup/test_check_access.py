from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.azure_devops.identities.accounts import Scope
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.security.namespaces import GIT, QUEUES, repository_token
from sandbox.http.faults import Fault
from setup.check_access import step
from tests.setup.bench import PRINCIPAL, SetupBench
from tests.setup.granted import deny, let_copy, let_read_library

BOTH = {"COPY_FILES": "True", "CREATE_PIPELINES": "True"}
Errors = Callable[[], list[str]]


@pytest.fixture
def errors(capsys: pytest.CaptureFixture[str]) -> Errors:
    marker = "##vso[task.logissue type=error]"
    return lambda: [line.removeprefix(marker) for line in capsys.readouterr().out.splitlines() if marker in line]


@pytest.fixture
def product(bench: SetupBench) -> SetupBench:
    bench.repository("churn", {"README.md": b"churn\n"})
    return bench


def test_nothing_is_missing_where_everything_is_granted(product: SetupBench,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    assert product.bootstrap() == 0
    assert product.run(step, **BOTH) == 0
    assert "access: nothing is missing, 0 warnings" in capsys.readouterr().out


def test_what_stops_the_last_step_is_told_before_the_first_one(product: SetupBench, errors: Errors) -> None:
    assert product.bootstrap() == 0
    product.repository("other", {"ci.yml": b"steps: []\n"})
    product.analytics.library.put_pipeline(Pipeline(0, "churn-jobs", "other", "ci.yml"))
    assert product.run(step, COPY_FILES="True", CREATE_PIPELINES="False") == 0
    assert product.run(step, **BOTH) == 2
    assert errors()[0].startswith("project analytics: pipeline 'churn-jobs' is there and runs 'ci.yml'")


def test_it_never_writes(product: SetupBench) -> None:
    let_copy(product)
    assert product.run(step, **BOTH) == 2
    assert product.writes() == []


def test_only_what_the_chosen_phases_need_is_asked_for(product: SetupBench) -> None:
    let_copy(product)
    assert product.run(step, COPY_FILES="True", CREATE_PIPELINES="False") == 0


def test_every_missing_permission_is_told_at_once(product: SetupBench, errors: Errors) -> None:
    let_copy(product)
    assert product.run(step, **BOTH) == 2
    missing = [line.split(" lacks ")[1].split(" on ")[0] for line in errors()]
    builds = "'View build pipeline', 'Edit build pipeline', 'Create build pipeline', 'Administer build permissions'"
    assert missing == [builds, "'View', 'Create'", "'Manage permissions'"]


def test_a_missing_permission_names_identity_place_and_both_ways_to_grant_it(product: SetupBench,
                                                                             errors: Errors) -> None:
    let_copy(product)
    token = repository_token(product.analytics.id)
    deny(product, GIT, token, "CreateBranch")
    assert product.run(step, COPY_FILES="True") == 2
    (line,) = errors()
    assert f"identity 'brickline-setup' ({PRINCIPAL}) lacks 'Create branch' on repository analytics/churn" in line
    assert "Project settings > Repositories > churn > Security > brickline-setup" in line
    assert f"az devops security permission update --organization {product.url} --namespace-id {GIT.id}" in line
    assert line.endswith("--allow-bit 16")


def test_a_right_taken_away_on_the_default_branch_alone_is_found(product: SetupBench, errors: Errors) -> None:
    let_copy(product)
    record = product.analytics.repositories.record("churn")
    assert record is not None
    deny(product, GIT, repository_token(product.analytics.id, record.id, "refs/heads/main"), "GenericContribute")
    assert product.run(step, COPY_FILES="True") == 2
    assert "lacks 'Contribute' on branch 'main' of repository analytics/churn" in errors()[0]


def test_a_hidden_project_says_how_to_let_the_identity_in(product: SetupBench, errors: Errors) -> None:
    let_read_library(product)
    assert product.run(step, **BOTH) == 2
    first, second, *_ = errors()
    assert "REMOTE_PROJECT: project 'analytics': not found, or hidden from this identity" in first
    assert "identity 'brickline-setup'" in second
    assert "no member of project 'analytics'" in second


def test_library_and_product_are_both_told_where_both_are_hidden(product: SetupBench, errors: Errors) -> None:
    assert product.run(step, **BOTH) == 2
    lines = errors()
    assert len(lines) == 4
    assert "if 'platform/cicd' is there, identity 'brickline-setup'" in lines[1]
    assert "if 'analytics/churn' is there, identity 'brickline-setup'" in lines[3]


@pytest.mark.parametrize("is_open", [False, True], ids=["for single pipelines", "open to every pipeline"])
def test_the_agents_are_asked_about_unless_they_are_open_anyway(product: SetupBench, errors: Errors, *,
                                                                is_open: bool) -> None:
    assert product.bootstrap() == 0
    library, project = product.analytics.library, product.analytics.id
    queue = library.resource("queue", "Azure Pipelines")
    assert queue is not None
    deny(product, QUEUES, f"AgentQueues/{project}/{queue.id}", "AdministerPermissions")
    if is_open:
        library.permissions.open(project, queue)
    assert product.run(step, **BOTH) == (0 if is_open else 2)
    assert [line.split(" lacks ")[1].split(",")[0] for line in errors()] == (
        [] if is_open else ["'Administer permissions' on agent pool 'Azure Pipelines' of project 'analytics'"])


SIGN_IN_PAGE = b"<html><head><title>Azure DevOps Services | Sign In</title></head></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize("fault", [
    Fault("*/ConnectionData", status=401, times=None),
    Fault("*/ConnectionData", status=203, body=SIGN_IN_PAGE, headers=HTML, times=None),
    Fault("*/ConnectionData", status=302, headers={"Location": "https://x.test/_signin"}, times=None),
], ids=["401", "203", "302"])
def test_an_expired_token_is_one_error_about_the_credential(product: SetupBench, fault: Fault, errors: Errors) -> None:
    let_copy(product)
    product.organisation.faults.add(fault)
    assert product.run(step, **BOTH) == 2
    (line,) = errors()
    assert "renew AZURE_DEVOPS_EXT_PAT" in line


def test_the_token_of_the_job_is_warned_of_what_it_does_not_reach(product: SetupBench,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    let_copy(product)
    job = {"AZURE_DEVOPS_USE_JOB_TOKEN": "true", "SYSTEM_ACCESSTOKEN": "principals-token", "AZURE_DEVOPS_EXT_PAT": ""}
    assert product.run(step, COPY_FILES="True", **job) == 0
    warnings = [line for line in capsys.readouterr().out.splitlines() if "type=warning" in line]
    assert "'Protect access to repositories in YAML pipelines' is on" in warnings[0]
    assert "'Limit job authorization scope to current project" in warnings[1]


def test_the_token_of_a_job_out_of_its_scope_is_not_taken_for_an_expired_one(product: SetupBench,
                                                                             errors: Errors) -> None:
    let_copy(product)
    principal = product.organisation.directory.find(PRINCIPAL)
    cicd = product.platform.repositories.record("cicd")
    assert principal is not None
    assert cicd is not None
    with product.organisation.accounts.lent(principal.identity, Scope(None, frozenset({cicd.id}))) as token:
        job = {"AZURE_DEVOPS_USE_JOB_TOKEN": "true", "SYSTEM_ACCESSTOKEN": token, "AZURE_DEVOPS_EXT_PAT": ""}
        assert product.run(step, COPY_FILES="True", **job) == 2
    (line,) = errors()
    assert "its token does not reach 'analytics/churn'" in line


def test_the_summary_lists_what_the_run_was_not_asked_for(product: SetupBench) -> None:
    let_copy(product)
    assert product.run(step, COPY_FILES="True", CREATE_PIPELINES="False") == 0
    [page] = (product.folder / "generated/summary").iterdir()
    assert "| ` pipelines, environments and their permissions ` | skipped | ` not chosen for this run ` |" in (
        page.read_text(encoding="utf-8"))
