from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.pipelines.counts import Counts
from sandbox.pipelines.request import Variable
from tests.sandbox.pipelines.running import lines, run, secret

LAYERS = """
    variables: {a: root, b: root, c: root}
    stages:
    - stage: one
      variables: {b: stage, c: stage}
      jobs:
      - job: A
        variables:
        - {name: c, value: first}
        - {name: c, value: job}
        steps:
        - bash: echo "$(a) $(b) $(c) $(d)"
    """


def test_the_innermost_layer_wins_and_queue_time_is_the_lowest(tmp_path: Path) -> None:
    queued = {name: Variable("queue") for name in "abcd"}
    assert lines(run(tmp_path, LAYERS, variables=queued)) == ["root stage job queue"]


def test_groups_stand_where_they_are_written(tmp_path: Path) -> None:
    text = """
        variables:
        - {name: a, value: before}
        - {name: b, value: before}
        - group: shared
        - {name: b, value: after}
        steps:
        - bash: echo "$(a) $(b)"
        """
    groups = {"Shared": {"a": Variable("group"), "b": Variable("group")}}
    assert lines(run(tmp_path, text, variable_groups=groups)) == ["group after"]


def test_an_unknown_group_stops_the_run_before_any_step(tmp_path: Path) -> None:
    result = run(tmp_path, """
        variables:
        - group: nosuch
        steps:
        - bash: echo never
        """)
    assert (result.result, result.steps) == ("failed", [])
    assert result.error is not None
    assert "/azure-pipelines.yml (Line: 3" in result.error
    assert "Variable group nosuch could not be found" in result.error


def test_secrets_reach_a_step_only_when_mapped(tmp_path: Path) -> None:
    text = """
        variables: {alias: "$(key)", plain: "$(open)"}
        steps:
        - bash: |
            echo "[$KEY] [$ALIAS] [$PLAIN] [$MAPPED]"
            [ "$MAPPED" = "s3cret" ] && echo right
            echo "$(key)"
          env: {MAPPED: $(key)}
        """
    result = run(tmp_path, text, variables={"key": secret("s3cret"), "open": Variable("foo")})
    assert lines(result) == ["[] [] [foo] [***]", "right", "***"]


def test_a_public_variable_beats_the_env_of_a_step(tmp_path: Path) -> None:
    text = """
        variables: {my.name: variable}
        steps:
        - bash: echo "$MY_NAME $OTHER"
          env: {MY_NAME: step, OTHER: step}
        """
    assert lines(run(tmp_path, text)) == ["variable step"]


def test_nothing_of_this_process_leaks_into_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAK", "leaked")
    assert lines(run(tmp_path, "steps: [{bash: 'echo \"[$LEAK] $TF_BUILD\"'}]")) == ["[] True"]


RUNTIME = [
    ("eq(variables['a'], 'x')", "True"),
    ("variables.nosuch", ""),
    ("coalesce(variables.nosuch, '', 'last')", "last"),
    ("format('{0}-{1}', variables.a, variables['Build.Reason'])", "x-Manual"),
]


@pytest.mark.parametrize(("expression", "value"), RUNTIME)
def test_a_runtime_expression_sees_the_variables_above_it(tmp_path: Path, expression: str, value: str) -> None:
    text = f"""
        variables:
          a: x
          probe: $[{expression}]
        steps:
        - bash: echo "[$PROBE]"
        """
    assert lines(run(tmp_path, text)) == [f"[{value}]"]


def test_counters_go_on_from_run_to_run_for_each_prefix(tmp_path: Path) -> None:
    count = Counts().next
    seen = []
    for number, major in enumerate(["1", "1", "2", "2", "2", "2", "1"]):
        text = f"""
            variables: {{major: '{major}', minor: "$[counter(variables['major'], 100)]"}}
            steps: [{{bash: echo "$(minor)"}}]
            """
        folder = tmp_path / str(number)
        folder.mkdir()
        seen += lines(run(folder, text, count=count))
    assert seen == ["100", "101", "100", "101", "102", "103", "102"]


def test_a_value_set_by_a_step_is_seen_from_the_next_one_on(tmp_path: Path) -> None:
    text = """
        variables: {a: 10, b: "<$(a)>"}
        steps:
        - bash: |
            echo '##vso[task.setvariable variable=a]20'
            echo "$(a) $A"
        - bash: echo "$(a) $A $(b)"
        """
    assert lines(run(tmp_path, text)) == ["10 10", "20 20 <20>"]


READ_ONLY = [
    pytest.param("{name: a, value: x, readonly: true}", "a", id="declared"),
    pytest.param("{name: b, value: x}", "Build.BuildId", id="of the system"),
]


@pytest.mark.parametrize(("entry", "name"), READ_ONLY)
def test_a_read_only_variable_cannot_be_set(tmp_path: Path, entry: str, name: str) -> None:
    result = run(tmp_path, f"""
        variables:
        - {entry}
        steps:
        - bash: echo "##vso[task.setvariable variable={name}]y"
        """)
    assert result.result == "failed"
    assert f"Overwriting readonly variable '{name}' is not permitted" in result.log


def test_a_plain_value_takes_the_place_of_a_secret_one_of_the_same_name(tmp_path: Path) -> None:
    text = "variables: {key: open}\nsteps: [{bash: 'echo \"$KEY\"'}]"
    assert lines(run(tmp_path, text, variables={"key": secret("s3cret")})) == ["open"]


def test_a_secret_output_stays_secret_in_the_next_job(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: a
          steps:
          - bash: echo "##vso[task.setvariable variable=v;isoutput=true;issecret=true]hidden-value"
            name: s
        - job: b
          dependsOn: a
          variables: {v: "$[dependencies.a.outputs['s.v']]"}
          steps: [{bash: 'echo "[$V] $(v)"'}]
        """)
    assert lines(result) == ["[] ***"]


LEAKS = [
    pytest.param("jobs: [{job: a, condition: 'gt(1, variables.key)', steps: []}]", id="condition"),
    pytest.param("variables: {v: \"$[gt(1, variables.key)]\"}\nsteps: []", id="root variable"),
    pytest.param("steps: [{bash: ls, condition: 'gt(1, variables.key)'}]", id="step"),
]


@pytest.mark.parametrize("text", LEAKS)
def test_an_error_about_a_secret_does_not_show_it(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, text, variables={"key": secret("s3cret")})
    assert "***" in f"{result.log}{result.error}"
    assert "s3cret" not in f"{result.log}{result.error}"


def test_conditions_know_the_number_of_the_run(tmp_path: Path) -> None:
    text = "name: r7\njobs: [{job: a, condition: \"eq(variables['Build.BuildNumber'], 'r7')\", steps: []}]"
    assert run(tmp_path, text).jobs == {"a": "succeeded"}
