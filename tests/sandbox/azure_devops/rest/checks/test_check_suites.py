"""Check suites through the unmodified client."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.checks.check_record import EXCLUSIVE_LOCK, CheckRecord
from sandbox.azure_devops.projects.library import Environment, resource_of
from tests.sandbox.azure_devops.rest.models import error_of, model
from tests.sandbox.azure_devops.rest.office import Office

RUNS = "analytics/_apis/pipelines/checks/runs"


def evaluate(office: Office) -> Any:
    request = model("pipelines_checks", "CheckSuiteRequest", context={"a": 1},
                    resources=[model("pipelines_checks", "Resource", type="environment", id="1")])
    return office.client("pipelines_checks").evaluate_check_suite(request, "analytics")


@pytest.fixture(autouse=True)
def prod(office: Office) -> None:
    office.project.library.put_environment(Environment("prod"))


def test_resource_without_checks_is_passed(office: Office) -> None:
    assert evaluate(office).status == "approved"


def test_suite_waits_for_the_checks_of_its_resources(office: Office) -> None:
    [environment] = office.project.library.environments
    records = office.organisation.checkpoint.protection.records
    kept = records.add(CheckRecord(office.project.id, resource_of(environment), EXCLUSIVE_LOCK))
    suite = evaluate(office)
    again = office.client("pipelines_checks").get_check_suite("analytics", suite.id)
    assert (again.status, again.context) == ("queued", {"a": 1})
    assert [one.check_configuration_ref.id for one in again.check_runs] == [kept.id]
    records.remove(kept.id)
    assert office.send("GET", f"{RUNS}/{suite.id}").json()["status"] == "approved"


@pytest.mark.parametrize("body", [{}, {"resources": []}, {"resources": [[]]}, {"resources": [{}], "context": 7}])
def test_suite_of_nothing_is_refused(office: Office, body: dict[str, Any]) -> None:
    assert office.send("POST", RUNS, json=body).status_code in (400, 404)


def test_unknown_suite_is_not_found(office: Office) -> None:
    assert error_of(office, "GET", f"{RUNS}/nothing")[0] == 404
