"""A sandbox that is up, as its commands see it: a state folder with addresses, and an organisation behind them."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.azure_devops.checks.check_record import APPROVAL, CheckRecord
from sandbox.azure_devops.projects.library import Environment, resource_of
from sandbox.world.addresses import ADDRESSES
from tests.sandbox.azure_devops.deployer import HELLO
from tests.sandbox.azure_devops.rest.conftest import office
from tests.sandbox.azure_devops.rest.office import Office

__all__ = ["office"]


@pytest.fixture
def state(office: Office, tmp_path: Path) -> Path:
    """Anna's; Ben approves. The pipeline `deploy` waits for him."""
    library = office.project.library
    prod = resource_of(library.put_environment(Environment("churn-prod")))
    office.repository("churn", {"deploy.yml": HELLO.encode()})
    library.authorise(library.add_pipeline("deploy", "churn", "deploy.yml"), prod)
    settings = {"approvers": [{"id": office.member("ben").id}], "requesterCannotBeApprover": True}
    office.organisation.checkpoint.protection.records.add(CheckRecord(office.project.id, prod, APPROVAL, settings, 60))
    place = {"url": office.url, "project": "analytics", "token": office.token("anna"),
             "approver_token": office.token("ben")}
    (tmp_path / ADDRESSES).write_text(json.dumps({"azure_devops": place}))
    return tmp_path
