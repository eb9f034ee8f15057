from __future__ import annotations

import pytest

from steps.lib.databricks.workspace import ServicePrincipal, Workspace
from steps.lib.jobs.job_deployment import principal_of
from steps.lib.target_environment import TargetEnvironment


@pytest.mark.parametrize(("ids", "expected"), [([], ""), (["a"], "a"), (["b", "a"], "b")], ids=["none", "one", "two"])
def test_jobs_run_as_the_first_principal_of_the_environment(ids: list[str], expected: str) -> None:
    principals = tuple(ServicePrincipal(one, "CAN_MANAGE") for one in ids)
    workspace = Workspace("red", TargetEnvironment.DEV, "https://x.test", service_principals=principals)
    assert principal_of(workspace) == expected
