"""The set-up pipeline: what it expands to, what it maps into its steps, and what it refuses."""
from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.pipelines.final import to_data, to_yaml
from sandbox.pipelines.repositories import Repositories
from sandbox.pipelines.templates.expand import Expanded, expand
from steps.lib.azure_devops.credentials import PROVIDERS
from steps.lib.config.team import team_names
from steps.lib.errors import StepError
from tests.conftest import Golden
from tests.pipelines.listeners import as_written
from tests.pipelines.schema import schema_problem
from tests.pipelines.test_environment_of_steps import Recorder

ROOT = Path(__file__).parents[2]
ENTRY = "setup/pipeline_setup.yml"
CREDENTIAL = {name for provider in PROVIDERS for name in provider.names}
OF_EVERY_STEP = {"BRICKLINE_STEP", "PYTHONUTF8", "CICD_PROJECT", "CICD_REPOSITORY",
                 "TEAMS_DIRECTORY", "GENERATED_DIRECTORY", "RELEASE_REF", "SOURCE_COMMIT", "RUN_ID", "REQUESTED_FOR",
                 "ENTRA_TENANT_ID", "ENTRA_CLIENT_ID", "ENTRA_CLIENT_SECRET",
                 "AZURE_SERVICE_CONNECTION_ID", "SYSTEM_ACCESSTOKEN"}
# Fixed as read-only variables of the pipeline, which the agent exports: whom the credential is shown to.
FIXED = {"ORGANIZATION_URL", "ENTRA_AUTHORITY"}
# Set by nobody here: a test or a person acts as somebody else, or the step knows a default.
OPTIONAL = {"UPDATE_PIPELINES", "SCAFFOLD", "DRY_RUN", "AZURE_DEVOPS_USE_JOB_TOKEN"}
SCRIPTS = ("check_access", "copy_files", "create_pipelines")


def expanded(**parameters: object) -> Expanded:
    repositories = Repositories()
    repositories.add_folder("cicd", ROOT)
    given = {"remoteRepoName": "churn", "team": "data_science", **parameters}
    return expand(ENTRY, repositories, repositories.resolve("cicd", ""), parameters=given, predefined={})


def steps(**parameters: object) -> list[dict[str, Any]]:
    (stage,) = to_data(expanded(**parameters).root)["stages"]
    found: list[dict[str, Any]] = stage["jobs"][0]["steps"]
    return found


def env_of(script: str) -> dict[str, str]:
    env: dict[str, str] = next(step["env"] for step in steps() if step.get("name") == script)
    return env


def names_read(script: str) -> set[str]:
    module = importlib.import_module(f"setup.{script}")
    kind = getattr(module, "Settings", None) or module.SetupSettings
    environ = Recorder()
    with suppress(StepError):
        kind.from_environ(environ)
    if script == "check_access":
        with suppress(StepError):
            module.SetupSettings.from_environ(environ)
    return environ.asked


def test_it_expands_to_its_golden_file(golden: Golden) -> None:
    golden(Path(__file__).parent / "golden/pipeline_setup.yml", to_yaml(expanded().root))


def test_the_expansion_satisfies_the_schema_of_the_service() -> None:
    assert schema_problem(as_written(to_data(expanded().root))) is None


def test_the_teams_to_choose_from_are_those_there_are() -> None:
    parameters = yaml.safe_load((ROOT / ENTRY).read_text(encoding="utf-8"))["parameters"]
    assert next(one["values"] for one in parameters if one["name"] == "team") == team_names(ROOT / "teams")


def test_it_has_at_most_eight_parameters() -> None:
    assert len(yaml.safe_load((ROOT / ENTRY).read_text(encoding="utf-8"))["parameters"]) <= 8


@pytest.mark.parametrize("parameter", ["remoteRepoName", "remoteProject"])
def test_a_name_with_a_macro_is_refused_before_anything_runs(parameter: str) -> None:
    first = steps(**{parameter: "a$(entraClientSecret)"})[0]
    assert (first["displayName"], "exit 2" in first["inputs"]["script"]) == ("Refuse the name of this repository", True)


@pytest.mark.parametrize(("parameter", "script"), [
    ("copyFiles", "copy_files"), ("createPipelines", "create_pipelines")])
def test_a_phase_that_is_skipped_does_not_run(parameter: str, script: str) -> None:
    condition = next(step["condition"] for step in steps(**{parameter: "skip"}) if step.get("name") == script)
    assert condition == "and(succeeded(), False)"


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_variable_a_script_reads_is_mapped(script: str) -> None:
    assert names_read(script) - set(env_of(script)) - OPTIONAL - FIXED == set()


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_beyond_the_common_variables_is_mapped_that_a_script_does_not_read(script: str) -> None:
    assert set(env_of(script)) - OF_EVERY_STEP - names_read(script) == set()


def test_nobody_who_starts_a_run_can_say_whom_the_credential_is_shown_to() -> None:
    variables = yaml.safe_load((ROOT / ENTRY).read_text(encoding="utf-8"))["variables"]
    assert {one["name"] for one in variables if one.get("readonly") is True} == FIXED


def test_the_credential_is_one_that_the_client_takes() -> None:
    mapped = OF_EVERY_STEP & CREDENTIAL
    assert {"ENTRA_CLIENT_SECRET", "AZURE_SERVICE_CONNECTION_ID", "SYSTEM_ACCESSTOKEN"} <= mapped
