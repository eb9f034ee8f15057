"""Each rule finds what it is for, and leaves alone what is right."""
from __future__ import annotations

import pytest

from sandbox.pipelines.lint.check import RULES, violations
from sandbox.pipelines.templates.document import load_document

CONDITION = "jobs:\n- job: a\n  condition: and(succeeded(), eq({}))\n"
WRONG = {
    "macro in a script": ("expression-in-script", "steps:\n- script: echo $(Build.SourceBranch)\n", 2),
    "template expression in a script": ("expression-in-script", "steps:\n- bash: |\n    echo ${{ parameters.x }}\n", 2),
    "runtime expression in arguments": (
        "expression-in-script", "steps:\n- task: Bash@3\n  inputs:\n    arguments: $[variables.x]\n", 4),
    "macro in an inline script": (
        "expression-in-script", "steps:\n- task: AzureCLI@2\n  inputs:\n    inlineScript: az $(x)\n", 4),
    "secret in an input": (
        "secret-outside-env", "steps:\n- task: X@1\n  inputs:\n    key: $(clientSecret)\n", 4),
    "secret passed as parameter": (
        "secret-outside-env", "steps:\n- template: a.yml\n  parameters:\n    value: $(deployToken)\n", 4),
    "parameter for a secret": ("secret-as-parameter", "parameters:\n- name: dbPassword\n  type: string\n", 2),
    "kept credentials": ("persisted-credentials", "steps:\n- checkout: self\n  persistCredentials: true\n", 3),
    "condition that forgets failures": (
        "condition-without-status", "jobs:\n- job: a\n  condition: eq(variables.x, 'y')\n", 3),
    "last segment of a branch": (
        "branch-guard", CONDITION.format("variables['Build.SourceBranchName'], 'main'"), 3),
    "branch without refs/heads": (
        "branch-guard", CONDITION.format("variables['Build.SourceBranch'], 'main'"), 3),
    "last segment in a directive": (
        "branch-guard", "steps:\n- ${{ if eq(variables['Build.SourceBranchName'], 'main') }}:\n  - script: x\n", 2),
    "repository on a branch": (
        "unpinned-repository", "resources:\n  repositories:\n  - repository: a\n    ref: refs/heads/main\n", 4),
    "repository without a ref": ("unpinned-repository", "resources:\n  repositories:\n  - repository: a\n", 3),
    "env name of a declared variable": (
        "overridden-env", "variables:\n  my.name: x\nsteps:\n- script: x\n  env:\n    MY_NAME: y\n", 6),
    "env name of the agent": ("overridden-env", "steps:\n- script: x\n  env:\n    BUILD_REASON: y\n", 4),
}

RIGHT = {
    "script with a shell variable": "steps:\n- bash: python -m $NAME\n  env:\n    NAME: ${{ parameters.step }}\n",
    "secret in env": "steps:\n- script: x\n  env:\n    TOKEN: $(clientSecret)\n",
    "system access token": "steps:\n- script: x\n  env:\n    SYSTEM_ACCESSTOKEN: $(System.AccessToken)\n",
    "dropped credentials": "steps:\n- checkout: self\n  persistCredentials: false\n",
    "condition with status": "jobs:\n- job: a\n  condition: and(succeeded(), eq(variables.x, 'y'))\n",
    "condition on a result": "jobs:\n- job: a\n  condition: in(dependencies.b.result, 'Succeeded')\n",
    "condition from a parameter": "jobs:\n- job: a\n  condition: ${{ parameters.condition }}\n",
    "full ref": CONDITION.format("variables['Build.SourceBranch'], 'refs/heads/main'"),
    "tag": "resources:\n  repositories:\n  - repository: a\n    ref: refs/tags/v1.2.3\n",
    "commit": f"resources:\n  repositories:\n  - repository: a\n    ref: {'a1' * 20}\n",
    "placeholder": "resources:\n  repositories:\n  - repository: a\n    ref: '{{cicd_ref}}'\n",
}


@pytest.mark.parametrize(("rule", "text", "line"), WRONG.values(), ids=WRONG.keys())
def test_a_rule_names_itself_and_the_line(rule: str, text: str, line: int) -> None:
    found = violations([load_document(text.encode(), "a.yml")])
    assert [(one.file, one.rule, one.line) for one in found] == [("a.yml", rule, line)]


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_what_is_right_is_left_alone(text: str) -> None:
    assert violations([load_document(text.encode(), "a.yml")]) == []


def test_every_rule_has_an_example_of_what_it_finds() -> None:
    assert {rule for rule, _, _ in WRONG.values()} == {*RULES, "overridden-env"}


def test_a_variable_of_one_file_overrides_the_env_of_another() -> None:
    entry = load_document(b"variables:\n- name: stepName\n  value: x\n", "entry.yml")
    template = load_document(b"steps:\n- script: x\n  env:\n    STEPNAME: y\n", "template.yml")
    assert [str(one).split(":")[0] for one in violations([entry, template])] == ["template.yml"]
