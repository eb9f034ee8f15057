"""What each listener becomes: compared with a golden file, and judged by Microsoft's schema."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sandbox.pipelines.final import to_data
from tests.conftest import Golden
from tests.pipelines.listeners import LISTENERS, as_written, expanded, final_yaml, steps_of
from tests.pipelines.schema import schema_problem

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda path: path.name)
def test_a_listener_expands_to_its_golden_file(listener: Path, golden: Golden) -> None:
    golden(GOLDEN / listener.name, final_yaml(listener))


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda path: path.name)
def test_the_expansion_satisfies_the_schema_of_the_service(listener: Path) -> None:
    assert schema_problem(as_written(to_data(expanded(listener).root))) is None


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda path: path.name)
def test_the_listener_as_written_satisfies_the_schema_of_the_service(listener: Path) -> None:
    assert schema_problem(yaml.safe_load(listener.read_text(encoding="utf-8"))) is None


def test_the_schema_refuses_an_unknown_key() -> None:
    broken = as_written(to_data(expanded(LISTENERS[0]).root))
    broken["stages"][0]["jobs"][0]["stepz"] = []
    assert "stepz" in str(schema_problem(broken))


WITH_CREDENTIAL = {
    "pipeline_cluster.yml": {"generate_cluster_config", "create_or_edit_cluster", "set_cluster_permissions",
                             "install_libraries", "update_repo"},
    "pipeline_jobs.yml": {"generate_cluster_config", "update_repo", "create_or_edit_cluster", "set_cluster_permissions",
                          "install_libraries", "create_or_edit_jobs", "set_job_permissions", "run_smoke_test",
                          "clean_up_branches"},
}


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda path: path.name)
def test_only_steps_that_reach_the_workspace_get_its_credential(listener: Path) -> None:
    with_secret = {step["name"].removeprefix("verify_") for step in steps_of(listener)
                   if "ENTRA_CLIENT_SECRET" in step.get("env", {})}
    assert with_secret == WITH_CREDENTIAL[listener.name]
