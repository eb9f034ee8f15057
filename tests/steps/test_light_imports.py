"""A step loads only what it needs: each is a process of its own, and slow modules would slow every run."""
from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = ("azure", "jsonschema", "msal", "yaml")


def loaded_by(module: str) -> set[str]:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("step", [
    "generate_cluster_config", "generate_libraries", "create_or_edit_cluster", "set_cluster_permissions",
    "install_libraries", "update_repo", "create_or_edit_jobs", "set_job_permissions", "run_smoke_test",
    "clean_up_branches",
])
def test_a_step_that_acts_loads_nothing_slow(step: str) -> None:
    assert loaded_by(f"steps.{step}").isdisjoint(SLOW)


def test_validation_loads_only_the_schema_checker() -> None:
    assert loaded_by("steps.validate_config") & {*SLOW, "requests"} == {"jsonschema"}


def test_libraries_are_listed_without_the_network() -> None:
    assert "requests" not in loaded_by("steps.generate_libraries")
