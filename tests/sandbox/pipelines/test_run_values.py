"""What a value is once the phases of a run, its scopes and its secrets have all had their say."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.pipelines.request import Variable
from tests.sandbox.pipelines.running import lines, run, secret

KNOWN = {"key": secret("s3cr3t-v"), "open": Variable("foo"), "x": Variable("queued"), "empty": secret("")}
GROUPS = {"g": {"x": Variable("grouped"), "y": Variable("grouped")}}


def said(folder: Path, text: str) -> list[str]:
    """What steps printed, without what the engine adds when one of them fails."""
    result = run(folder, text, variables=KNOWN, variable_groups=GROUPS)
    return [line for line in lines(result) if not line.startswith("##[error]")]


LATER = [
    pytest.param('{a: 1, b: "$(a)$(a)", c: "${{ variables.a }}"}', "variable=A]2", "$(a) $(b) $(c) $A $B $C",
                 "2 22 1 2 22 1", id="macros follow and templates do not"),
    pytest.param("{}", "variable=a;isreadonly=true]1", "$(a) $A", "1 1", id="read-only"),
    pytest.param("{a: x}", "variable=a]", "[$(a)] [$A]", "[] []", id="emptied"),
    pytest.param("{}", "variable=a]  y  ", "[$A]", "[  y  ]", id="not trimmed"),
    pytest.param("{}", "variable=my.var]x", "$(my.var) $MY_VAR", "x x", id="dotted"),
    pytest.param("{late: L}", "variable=a]$\"\"(late)", "$(a)", "L", id="macro in the value"),
    pytest.param("{}", "variable=a]100%25 %0a;]x", "$A", "100%25 %0a;]x", id="no escapes"),
    pytest.param("{a: plain}", "variable=a;isoutput=true]out", "$(a) $(SET.A) $SET_A", "plain out out", id="output"),
    pytest.param("{}", "variable=o.p;isoutput=true]y", "$(set.o.p) $SET_O_P", "y y", id="dotted output"),
]


@pytest.mark.parametrize(("variables", "command", "shown", "line"), LATER)
def test_the_next_step_sees_what_was_set(
    tmp_path: Path, variables: str, command: str, shown: str, line: str
) -> None:
    text = f"""
        variables: {variables}
        steps:
        - bash: echo "##vso[task.setvariable {command}"
          name: set
        - bash: echo "{shown}"
        """
    assert said(tmp_path, text) == [line]


SET_ONCE = [
    pytest.param("isreadonly=true", "$(v)", id="read-only"),
    pytest.param("isoutput=true", "$(s.v)", id="output"),
]


@pytest.mark.parametrize(("flag", "shown"), SET_ONCE)
def test_a_read_only_value_keeps_its_first_value(tmp_path: Path, flag: str, shown: str) -> None:
    command = f"##vso[task.setvariable variable=v;{flag}]"
    text = f"""
        steps:
        - {{bash: 'echo "{command}first"; echo "{command}second"', name: s}}
        - {{bash: 'echo "{shown} $(Agent.JobStatus)"', condition: always()}}
        """
    assert said(tmp_path, text) == ["first Failed"]


@pytest.mark.parametrize("name", ["System.Debug", "Build.Clean"])
def test_two_variables_of_the_system_may_be_set(tmp_path: Path, name: str) -> None:
    command = f"##vso[task.setvariable variable={name}]x"
    assert said(tmp_path, f"steps: [{{bash: 'echo \"{command}\"'}}, {{bash: 'echo \"$({name})\"'}}]") == ["x"]


PHASES = [
    pytest.param('steps: [{bash: \'echo "[${{ variables.open }}] $(open) $OPEN"\'}]', "[] foo foo",
                 id="settings page is not there for templates"),
    pytest.param("steps: [{bash: 'echo \"[${{ variables.key }}]\"'}]", "[]", id="nor is a secret"),
    pytest.param("steps: [{bash: 'echo \"a $(empty) b\"'}]", "a  b", id="empty secret"),
    pytest.param("variables: {c: '$[variables.z]', t: '${{ variables.z }}', z: late}\n"
                 "steps: [{bash: 'echo \"[$(c)] [$(t)]\"'}]", "[] []", id="neither expression sees what comes later"),
    pytest.param("variables: {r: \"$[upper('v')]\", rr: \"$[variables.r]\"}\nsteps: [{bash: 'echo \"$(rr)\"'}]", "V",
                 id="runtime on runtime"),
    pytest.param("variables: {b: $(open), d: \"$[eq(variables.b, 'foo')]\"}\nsteps: [{bash: 'echo \"$(b) $(d)\"'}]",
                 "foo False", id="runtime sees macros as written"),
    pytest.param("steps: [{task: Bash@3, inputs: {targetType: inline, script: 'echo \"[$A]\"', arguments: }, "
                 "env: {A: }}]", "[]", id="null input and env"),
    pytest.param("variables: [{group: g}, {name: x, value: yaml}]\nsteps: [{bash: 'echo \"$(x) $(y)\"'}]",
                 "yaml grouped", id="group above queue time"),
    pytest.param("variables: [{name: x, value: yaml}, {group: g}]\nsteps: [{bash: 'echo \"$(x)\"'}]",
                 "grouped", id="group after a value"),
    pytest.param("jobs: [{job: j, variables: {base: B, full: $(leg)-$(base)}, "
                 "strategy: {matrix: {x: {leg: L$(base), BASE: M}}}, steps: [{bash: 'echo \"$(full) $FULL\"'}]}]",
                 "LM-M LM-M", id="leg of a matrix above its job"),
    pytest.param("variables: {Foo: root}\njobs: [{job: j, variables: {fOO: job}, steps: [{bash: 'echo $(foo) $FOO'}]}]",
                 "job job", id="layers fold case"),
]


@pytest.mark.parametrize(("text", "line"), PHASES)
def test_each_phase_sees_its_own_values(tmp_path: Path, text: str, line: str) -> None:
    assert said(tmp_path, text) == [line]


def test_every_kind_of_reference_has_its_own_idea_of_the_innermost_layer(tmp_path: Path) -> None:
    text = """
        variables: {a: root, macro: "$(a)", template: "${{ variables.a }}", runtime: "$[variables.a]"}
        stages:
        - stage: s
          variables: {a: stage, middle: "$[variables.a]"}
          jobs:
          - job: j
            variables: {a: job}
            steps: [{bash: 'echo "$(macro) $(template) $(runtime) $(middle) ${{ variables.a }} $A"'}]
        """
    assert said(tmp_path, text) == ["job root root stage job job"]


def test_a_secret_stays_one_through_every_layer_and_every_write(tmp_path: Path) -> None:
    text = """
        variables: {root: "$(key)"}
        jobs:
        - job: j
          variables: {inner: "x$(root)"}
          steps:
          - bash: |
              [ "$M" = xs3cr3t-v ] && echo "[$ROOT][$INNER] $(inner)"
              echo "##vso[task.setvariable variable=key]plain"
            env: {M: $(inner)}
          - {bash: 'echo "[$KEY] $(key)"', condition: "eq(variables.key, 'PLAIN')"}
        """
    assert said(tmp_path, text) == ["[][] ***", "[] ***"]
