"""What every template of this library keeps to, read from the YAML as written."""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.pipelines.final import to_data
from steps.lib.pipeline_type import PipelineType
from steps.lib.target_environment import TargetEnvironment
from tests.pipelines.listeners import LISTENERS, expanded, stages_of

ROOT = Path(__file__).parents[2]
FOLDERS = ("pipelines", "setup", "files_for_remote_repo")
TEMPLATES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.yml"))
ENTRIES = sorted(ROOT.glob("pipelines/*.yml"))
EXPRESSION = re.compile(r"\$\(|\$\{\{|\$\[")
SCRIPTS = ("script", "bash", "pwsh", "powershell", "inlineScript", "arguments")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from mappings(item)


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def run_steps(path: Path) -> list[dict[str, Any]]:
    return [m["parameters"] for m in mappings(load(path)) if str(m.get("template", "")).endswith("run_step.yml")]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_script_has_one_line_and_no_expression(path: Path) -> None:
    scripts = [str(m[key]) for m in mappings(load(path)) for key in SCRIPTS if key in m]
    assert [text for text in scripts if EXPRESSION.search(text) or "\n" in text.strip()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_parameter_is_typed_and_displayed(path: Path) -> None:
    parameters = load(path).get("parameters", [])
    assert [p for p in parameters if isinstance(p, dict) and not {"name", "type", "displayName"} <= set(p)] == []


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_an_entry_template_has_at_most_eight_parameters(path: Path) -> None:
    assert len(load(path)["parameters"]) <= 8


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_checkout_keeps_no_credentials(path: Path) -> None:
    checkouts = [m for m in mappings(load(path)) if "checkout" in m and m["checkout"] != "none"]
    assert [m for m in checkouts if m.get("persistCredentials") is not False] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_stage_job_and_step_says_what_it_does(path: Path) -> None:
    kinds = ("stage", "job", "deployment", "bash", "script", "task", "checkout", "publish", "download")
    units = [m for m in mappings(load(path)) if any(kind in m for kind in kinds) and "trigger" not in m]
    assert [m for m in units if "displayName" not in m] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_condition_of_our_own_keeps_the_status_of_what_came_before(path: Path) -> None:
    conditions = [str(m["condition"]) for m in mappings(load(path)) if "condition" in m]
    assert [text for text in conditions if not re.search(r"succeeded|failed|canceled|^\$\{\{", text, re.I)] == []


@pytest.mark.parametrize("listener", LISTENERS, ids=name_of)
def test_a_condition_that_a_template_was_given_does_so_too(listener: Path) -> None:
    conditions = [str(m["condition"]) for m in mappings(list(stages_of(listener).values())) if "condition" in m]
    assert [text for text in conditions if not re.search(r"succeeded|failed|canceled", text, re.I)] == []


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_an_entry_template_declares_its_type_and_environment_read_only(path: Path) -> None:
    constants = {v["name"]: v for v in load(path)["variables"] if "name" in v}
    assert constants["pipelineType"]["value"] in [kind.value for kind in PipelineType]
    assert [name for name, constant in constants.items() if constant.get("readonly") is not True] == []


@pytest.mark.parametrize("listener", LISTENERS, ids=name_of)
def test_every_stage_has_one_target_environment_which_nothing_changes(listener: Path) -> None:
    pipeline = to_data(expanded(listener).root)
    for stage in pipeline["stages"]:
        [target] = [v for v in [*pipeline["variables"], *stage.get("variables", [])]
                    if v.get("name") == "targetEnvironment"]
        assert target["value"] in [kind.value for kind in TargetEnvironment]
        assert target["readonly"] in (True, "true")


def test_every_step_a_template_names_exists_and_every_step_is_named() -> None:
    named = {call["step"] for path in TEMPLATES for call in run_steps(path)}
    assert named == {path.stem for path in (ROOT / "steps").glob("[a-z]*.py")}


def test_secrets_reach_a_step_only_through_run_step() -> None:
    secret = re.compile(r"\$\((entra(?!Authority)|databricks)")
    naming = [name_of(path) for path in TEMPLATES if secret.search(path.read_text(encoding="utf-8"))]
    assert naming == ["pipelines/steps/run_step.yml", "setup/run_setup_step.yml"]
