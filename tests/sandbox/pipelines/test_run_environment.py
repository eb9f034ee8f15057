"""The environment that variables make for the programs of a step."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.pipelines.request import Variable
from tests.sandbox.pipelines.running import lines, run, secret

SHOWN = [
    pytest.param("{A.B: dot, A_B: line}", 'echo "$A_B"', "dot", id="a dot goes before a line"),
    pytest.param("{a-b: x}", "env | grep '^A-B='", "A-B=x", id="other signs stay"),
    pytest.param("{a b: x}", 'echo "$A_B"', "x", id="space"),
    pytest.param("{empty: ''}", 'echo "[${EMPTY-unset}]"', "[]", id="empty"),
    pytest.param("{padded: ' x '}", 'echo "[$PADDED]"', "[ x ]", id="values are not trimmed"),
    pytest.param("{multi: \"a\\nb\"}", 'echo "${#MULTI}"', "3", id="several lines"),
    pytest.param("{x: y}", "env | grep -c ^agent.jobstatus=", "1", id="status of the job as written"),
]


@pytest.mark.parametrize(("variables", "script", "line"), SHOWN)
def test_a_variable_is_exported_under_its_name(tmp_path: Path, variables: str, script: str, line: str) -> None:
    quoted = script.replace("'", "\'\'")
    assert lines(run(tmp_path, f"variables: {variables}\nsteps: [{{bash: '{quoted}'}}]")) == [line]


MAPPED = [
    pytest.param("$(nosuch)", "[$(nosuch)]", id="unknown macro stays"),
    pytest.param("${{ variables.nosuch }}", "[]", id="unknown at compile time is empty"),
    pytest.param("' x '", "[x]", id="trimmed"),
    pytest.param("$(a)-$(b)", "[1-$(late)]", id="one pass"),
    pytest.param("$(A)", "[1]", id="any case"),
]


@pytest.mark.parametrize(("value", "said"), MAPPED)
def test_env_of_a_step_is_expanded_once_and_trimmed(tmp_path: Path, value: str, said: str) -> None:
    text = f"""
        variables: {{a: 1, b: $(late)}}
        steps:
        - bash: echo "[$MINE]"
          env:
            MINE: {value}
        """
    assert lines(run(tmp_path, text)) == [said]


def test_the_last_path_to_be_prepended_goes_first_and_each_counts_once(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: for name in one two one; do echo "##vso[task.prependpath]/$name"; done
        - bash: echo "${PATH%%:/usr*}"
        """)
    assert lines(result) == ["/one:/two"]


ALIASES = [
    pytest.param('{alias: "$(key)"}', id="macro"),
    pytest.param('{alias: "pre-$(key)"}', id="part of a value"),
    pytest.param('{between: "$(key)", alias: "$(between)"}', id="of an alias"),
    pytest.param("{alias: \"$[variables.key]\"}", id="runtime expression"),
    pytest.param("{alias: \"$[format('<{0}>', variables['KEY'])]\"}", id="in a runtime expression"),
]


@pytest.mark.parametrize("variables", ALIASES)
def test_whatever_takes_in_a_secret_is_a_secret(tmp_path: Path, variables: str) -> None:
    text = f"variables: {variables}\nsteps: [{{bash: 'echo \"[$ALIAS] $(alias)\"'}}]"
    [line] = lines(run(tmp_path, text, variables={"key": secret("s3cret")}))
    assert line.startswith("[] ")
    assert "s3cret" not in line


@pytest.mark.parametrize("layer", ["root", "stage", "job"])
def test_a_secret_of_a_group_is_mapped_from_whatever_layer(tmp_path: Path, layer: str) -> None:
    own = {name: "variables: [{group: g}]" if name == layer else "variables: {}" for name in ("root", "stage", "job")}
    result = run(tmp_path, f"""
        {own["root"]}
        stages:
        - stage: s
          {own["stage"]}
          jobs:
          - job: j
            {own["job"]}
            steps:
            - bash: '[ "$MINE" = s3cret ] && echo "[$KEY] $MINE"'
              env: {{MINE: $(key)}}
        """, variable_groups={"g": {"key": Variable("s3cret", secret=True)}})
    assert lines(result) == ["[] ***"]
