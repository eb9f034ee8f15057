"""What the YAML maps into a step is what the step reads: nothing is missing, no secret goes where it is not needed."""
from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path

import pytest

from steps.lib.databricks.credentials import PROVIDERS
from steps.lib.errors import StepError
from tests.pipelines.listeners import LISTENERS, steps_of

ROOT = Path(__file__).parents[2]
STEPS = sorted(path.stem for path in (ROOT / "steps").glob("[a-z]*.py"))
# The agent exports the address where a job asks for its own tokens by itself.
CREDENTIAL = {name for provider in PROVIDERS for name in provider.names} - {"SYSTEM_OIDCREQUESTURI"}
OF_EVERY_STEP = {"BRICKLINE_STEP", "PYTHONUTF8", "PIPELINE_TYPE", "TARGET_ENVIRONMENT", "PRODUCT_DIRECTORY",
                 "TEAMS_DIRECTORY", "GENERATED_DIRECTORY", "REPOSITORY_NAME", "SOURCE_BRANCH", "SOURCE_COMMIT",
                 "RUN_ID", "REQUESTED_FOR"}
# Only where a stage has an approved plan: without one a step applies what it plans itself.
WITH_APPROVAL = {"APPROVED_PLANS_DIRECTORY"}
# Read only where the token is there.
WITH_TOKEN = {"GIT_CREDENTIAL_USERNAME"}


class Recorder(dict[str, str]):
    """An environment without any value, which remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> str:
        self.asked.add(key)
        return str(default or "")


def names_read(step: str) -> set[str]:
    module = importlib.import_module(f"steps.{step}")
    environ = Recorder()
    with suppress(StepError):
        module.Settings.from_environ(environ)
    return environ.asked | (CREDENTIAL if hasattr(module, "connect") or hasattr(module, "fetch_offer") else set())


def env_of(step: str) -> list[set[str]]:
    calls = [call["env"] for path in LISTENERS for call in steps_of(path) if "env" in call]
    return [set(env) for env in calls if env["BRICKLINE_STEP"] == step]


@pytest.mark.parametrize("step", STEPS)
def test_every_variable_a_step_reads_is_mapped(step: str) -> None:
    assert env_of(step)
    missing = [names_read(step) - env - WITH_APPROVAL for env in env_of(step)]
    assert [names for names in missing if names] == []


@pytest.mark.parametrize("step", STEPS)
def test_nothing_beyond_the_common_variables_is_mapped_that_a_step_does_not_read(step: str) -> None:
    known = OF_EVERY_STEP | WITH_TOKEN | names_read(step)
    assert [env - known for env in env_of(step) if env - known] == []


def test_no_mapped_name_is_the_exported_name_of_a_variable_of_ours() -> None:
    exported = {"PIPELINETYPE", "TARGETENVIRONMENT", "ENTRATENANTID", "ENTRACLIENTID", "DATABRICKSTOKEN"}
    mapped = {name for step in STEPS for env in env_of(step) for name in env}
    assert mapped & exported == set()
