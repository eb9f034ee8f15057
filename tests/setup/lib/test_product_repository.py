from __future__ import annotations

from collections.abc import Iterator

import pytest

from setup.lib.product_repository import FIRST_BRANCH, ProductRepository, find_product
from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.connection import connect
from steps.lib.errors import InputError
from tests.setup import contents
from tests.setup.bench import SetupBench
from tests.setup.granted import let_copy

NAMES = ["o'brien", 'say "hi"', "a b", "naïve-東京", "x" * 200, "100%", "a&b=c#d", "$(token)", "..",
         "q?x=1", "-dash", "a+b"]


@pytest.fixture
def devops(bench: SetupBench) -> Iterator[AzureDevOps]:
    let_copy(bench)
    with connect(bench.url, bench.environ, bench.clock) as opened:
        yield opened


def found(bench: SetupBench, devops: AzureDevOps, name: str = "churn", project: str = "analytics") -> ProductRepository:
    environ = {**bench.environ, "RELEASE_REF": "refs/tags/v1.0.0"}
    settings = SetupSettings.from_environ({**environ, "REMOTE_REPO_NAME": "x", "REMOTE_PROJECT": project})
    return find_product(devops, SetupSettings(**{**vars(settings), "remote_repository": name}))


def refused(bench: SetupBench, devops: AzureDevOps, name: str = "churn", project: str = "analytics") -> str:
    with pytest.raises(InputError) as raised:
        found(bench, devops, name, project)
    return str(raised.value)


def test_a_product_is_found_with_its_branch_and_commit(bench: SetupBench, devops: AzureDevOps) -> None:
    repository = bench.repository("churn", {"a": b"1"})
    product = found(bench, devops)
    assert (product.name, product.branch_name, product.is_empty) == ("churn", "main", False)
    assert product.head == repository.refs()["refs/heads/main"]


def test_case_does_not_matter_and_the_name_of_the_service_counts(bench: SetupBench, devops: AzureDevOps) -> None:
    bench.repository("churn", {"a": b"1"})
    assert found(bench, devops, "CHURN", "Analytics").name == "churn"


def test_an_empty_repository_begins_at_main(bench: SetupBench, devops: AzureDevOps) -> None:
    bench.repository("churn")
    product = found(bench, devops)
    assert (product.is_empty, product.default_branch) == (True, FIRST_BRANCH)


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_leads_to_exactly_that_repository(bench: SetupBench, devops: AzureDevOps, name: str) -> None:
    bench.repository("churn", {"a": b"1"})
    bench.repository(name, {"a": b"2"})
    assert found(bench, devops, name).name == name


@pytest.mark.parametrize("name", [*NAMES, "churn/../churn", "churn%2F", "%63hurn", "churn/", "churn?a=b", "churn "])
def test_an_odd_name_never_leads_to_another_repository(bench: SetupBench, devops: AzureDevOps, name: str) -> None:
    bench.repository("churn", {"a": b"1"})
    assert "REMOTE_REPO_NAME" in refused(bench, devops, name)


def test_the_id_of_a_repository_is_no_name(bench: SetupBench, devops: AzureDevOps) -> None:
    bench.repository("churn", {"a": b"1"})
    assert "REMOTE_REPO_NAME" in refused(bench, devops, found(bench, devops).id)


def test_an_unknown_repository_is_answered_with_the_nearest(bench: SetupBench, devops: AzureDevOps) -> None:
    bench.repository("churn", {"a": b"1"})
    assert refused(bench, devops, "chrun").endswith("; did you mean 'churn'?")


def test_an_unknown_project_is_answered_with_the_nearest(bench: SetupBench, devops: AzureDevOps) -> None:
    assert "REMOTE_PROJECT: project 'analitics'" in refused(bench, devops, project="analitics")
    assert refused(bench, devops, project="analitics").endswith("; did you mean 'analytics'?")


def test_a_disabled_repository_is_refused(bench: SetupBench, devops: AzureDevOps) -> None:
    bench.repository("churn", {"a": b"1"})
    bench.analytics.disable_repository("churn")
    assert "repository analytics/churn: is disabled" in refused(bench, devops)


def test_branches_without_a_default_one_are_refused(bench: SetupBench, devops: AzureDevOps) -> None:
    repository = bench.repository("churn", {"a": b"1"}, branch="trunk")
    contents.choose_default_branch(repository, "refs/heads/gone")
    assert "none of them is the default one, expected one to copy to" in refused(bench, devops)


def test_a_hidden_repository_is_not_told_from_a_missing_one(bench: SetupBench) -> None:
    bench.repository("churn", {"a": b"1"})
    with connect(bench.url, bench.environ, bench.clock) as opened:
        assert "not found, or hidden from this identity" in refused(bench, opened)
