"""What `variables` holds while templates are expanded."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data

ECHO = "steps:\n- script: ${{ variables.a }}\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("variables:\n  a: 1\n" + ECHO, "1"),
        ("variables:\n- name: a\n  value: 1\n" + ECHO, "1"),
        ("variables:\n- name: A\n  value: 1\n- name: a\n  value: 2\n" + ECHO, "2"),
        (ECHO + "variables:\n  a: 1\n", ""),
        ("variables:\n  b: x\n  a: ${{ variables.b }}y\n" + ECHO, "xy"),
        ("variables:\n  a: ${{ variables.b }}y\n  b: x\n" + ECHO, "y"),
        ("variables:\n  a: $(b)$[ 1 ]\n" + ECHO, "$(b)$[ 1 ]"),
        ("variables:\n  a:\n" + ECHO, ""),
        ("variables:\n- group: g\n" + ECHO, ""),
        ("variables:\n  ${{ if false }}:\n    a: 1\n  ${{ else }}:\n    a: 2\n" + ECHO, "2"),
        ("variables:\n- ${{ if true }}:\n  - name: a\n    value: 3\n" + ECHO, "3"),
    ],
)
def test_variables_are_what_is_written_so_far(scripts: Data, text: str, value: str) -> None:
    assert scripts(text) == [value]


def stage(body: str) -> str:
    return f"variables:\n  a: root\nstages:\n- stage: S\n{body}"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("  variables: {a: stage}\n  jobs:\n  - job: J\n    variables: {a: job}\n", "job"),
        ("  variables: {a: stage}\n  jobs:\n  - job: J\n", "stage"),
        ("  jobs:\n  - job: J\n", "root"),
        ("  jobs:\n  - job: I\n    variables: {a: other}\n  - job: J\n", "root"),
    ],
)
def test_innermost_level_wins_and_ends_with_its_part(final: Data, body: str, value: str) -> None:
    found = final(stage(body + "    steps:\n    - script: ${{ variables.a }}\n"))
    assert found["stages"][0]["jobs"][-1]["steps"][0]["inputs"]["script"] == value


def test_variables_of_a_template_are_seen_below(scripts: Data) -> None:
    files = {
        "azure-pipelines.yml": "variables:\n- template: v.yml\n  parameters: {p: x}\n" + ECHO,
        "v.yml": "parameters:\n- name: p\nvariables:\n  a: ${{ parameters.p }}1\n",
    }
    assert scripts(files) == ["x1"]


def test_template_sees_the_variables_in_scope(scripts: Data) -> None:
    files = {"azure-pipelines.yml": "variables: {a: 1}\nsteps:\n- template: t.yml\n", "t.yml": ECHO}
    assert scripts(files) == ["1"]


@pytest.mark.parametrize(
    "name",
    ["Build.Reason", "Build.SourceBranch", "Build.SourceBranchName", "Build.SourceVersion", "Build.DefinitionName",
     "Build.QueuedBy", "Build.RequestedFor", "Build.RequestedForEmail", "System.CollectionUri", "System.DefinitionId",
     "System.HostType", "System.PullRequest.IsFork"],
)
def test_predefined_variable_is_available(scripts: Data, name: str) -> None:
    text = f"steps:\n- script: ${{{{ variables['{name.upper()}'] }}}}\n"
    assert scripts(text, predefined={name: "x"}) == ["x"]


@pytest.mark.parametrize(
    "name",
    ["Build.BuildId", "Build.BuildNumber", "Build.Repository.Name", "Build.SourceVersionMessage", "System.JobName",
     "Build.SourcesDirectory", "Pipeline.Workspace", "Agent.Name"],
)
def test_predefined_variable_of_the_run_is_empty(scripts: Data, name: str) -> None:
    assert scripts(f"steps:\n- script: ${{{{ variables['{name}'] }}}}\n", predefined={name: "x"}) == [""]


def test_stage_name_is_known_inside_its_stage(final: Data) -> None:
    text = "stages:\n- stage: S\n  displayName: In ${{ variables['System.StageName'] }}\n  jobs: []\n- stage: T\n"
    text += "  displayName: In ${{ variables['System.StageName'] }}\n  jobs: []\n"
    assert [item["displayName"] for item in final(text)["stages"]] == ["In S", "In T"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("variables:\n  a: 1\n  A: 2\n", "'A' is already defined"),
        ("variables:\n  a: [1]\n", "A sequence was not expected"),
        ("variables:\n  a: {b: 1}\n", "A mapping was not expected"),
        ("variables:\n- name: a\n  valeu: 1\n", "Unexpected value 'valeu'"),
        ("variables:\n- a\n", "Unexpected value 'a'"),
        ("variables: a\n", "Unexpected value 'a'"),
    ],
)
def test_malformed_variables_are_refused(scripts: Data, block: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        scripts(block + "steps:\n- script: a\n")
    assert message in str(caught.value)


def test_group_readonly_and_runtime_expression_stay_as_written(final: Data) -> None:
    text = "variables:\n- group: g\n- name: a\n  value: $[ variables.x ]\n  readonly: true\nsteps:\n- script: a\n"
    assert final(text)["variables"] == [
        {"group": "g"}, {"name": "a", "value": "$[ variables.x ]", "readonly": "true"},
    ]
