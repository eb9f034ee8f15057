from __future__ import annotations

from pathlib import Path

import pytest

from setup.lib.access.job_token import OWN_PROJECT_ONLY, REFERENCED_ONLY, limits
from setup.lib.settings import SetupSettings
from steps.lib.deployment.record import Origin


def settings(remote_project: str) -> SetupSettings:
    return SetupSettings(
        organization_url="https://dev.azure.com/org", cicd_project="platform", cicd_repository="cicd",
        remote_project=remote_project, remote_repository="churn", team="data_science", teams=Path("teams"),
        release_ref="refs/tags/v1.0.0", update_pipelines=False, scaffold=False, dry_run=False,
        generated=Path("generated"), origin=Origin("1", "c", ""))


@pytest.mark.parametrize(("flags", "project", "count"), [
    ({}, "analytics", 0),
    ({REFERENCED_ONLY: True}, "platform", 1),
    ({OWN_PROJECT_ONLY: True}, "Platform", 0),
    ({OWN_PROJECT_ONLY: True}, "analytics", 1),
    ({REFERENCED_ONLY: True, OWN_PROJECT_ONLY: True}, "analytics", 2),
], ids=["both-off", "protected", "own-project", "other-project", "both-on"])
def test_each_setting_that_stops_the_job_is_told(flags: dict[str, bool], project: str, count: int) -> None:
    assert len(list(limits(settings(project), flags))) == count
