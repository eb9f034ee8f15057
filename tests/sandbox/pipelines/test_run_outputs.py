from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import lines, run

SET = "bash: 'echo \"##vso[task.setvariable variable=v;isOutput=true]one\"', name: s"
STAGES = """
    stages:
    - stage: A
      jobs:
      - {{job: A1, steps: [{{{set}}}]}}
      - {{deployment: D1, environment: e, strategy: {{runOnce: {{deploy: {{steps: [{{{set}}}]}}}}}}}}
    - stage: B
      dependsOn: {depends_on}
      condition: {condition}
      jobs:
      - job: B1
        condition: {job_condition}
        variables: {{probe: "$[{variable}]"}}
        steps: [{{bash: 'echo "got $(probe)"'}}]
    """
SPELLINGS = [
    pytest.param("'true'", "'true'", "stageDependencies.A.A1.outputs['s.v']", ["got one"], id="variable of a job"),
    pytest.param("'true'", "eq(stageDependencies.A.A1.outputs['s.v'], 'one')", "'x'", ["got x"], id="job condition"),
    pytest.param("eq(dependencies.A.outputs['A1.s.v'], 'one')", "'true'", "'x'", ["got x"], id="stage condition"),
    pytest.param("eq(stageDependencies.A.A1.outputs['s.v'], 'one')", "'true'", "'x'", ["got x"], id="stage by job"),
    pytest.param("eq(dependencies.A.outputs['s.v'], 'one')", "'true'", "'x'", [], id="stage without job"),
    pytest.param("'true'", "'true'", "dependencies.A1.outputs['s.v']", ["got "], id="job of another stage"),
    pytest.param("'true'", "'true'", "stageDependencies.A.D1.outputs['D1.s.v']", ["got one"], id="deployment"),
    pytest.param("eq(dependencies.A.outputs['D1.D1.s.v'], 'one')", "'true'", "'x'", ["got x"], id="deployment above"),
    pytest.param("'true'", "'true'", "stageDependencies.A.A1.result", ["got Succeeded"], id="result"),
    pytest.param("'true'", "'true'", "STAGEdependencies.a.a1.OUTPUTS['S.V']", ["got one"], id="any case"),
]


@pytest.mark.parametrize(("condition", "job_condition", "variable", "said"), SPELLINGS)
def test_outputs_cross_stages(
    tmp_path: Path, condition: str, job_condition: str, variable: str, said: list[str]
) -> None:
    text = STAGES.format(set=SET, depends_on="A", condition=condition, job_condition=job_condition, variable=variable)
    assert [line for line in lines(run(tmp_path, text)) if line.startswith("got")] == said


def test_a_stage_that_is_no_dependency_is_not_seen(tmp_path: Path) -> None:
    variable = "stageDependencies.A.A1.outputs['s.v']"
    text = STAGES.format(set=SET, depends_on="[]", condition="'true'", job_condition="'true'", variable=variable)
    assert "got " in lines(run(tmp_path, text))


def test_an_output_is_read_by_step_in_its_job_and_by_job_in_its_stage(tmp_path: Path) -> None:
    text = f"""
        jobs:
        - job: A
          steps:
          - {{{SET}}}
          - bash: echo "$(s.v) $S_V [$V]"
        - job: B
          dependsOn: A
          variables: {{probe: "$[dependencies.A.outputs['s.v']]"}}
          steps: [{{bash: 'echo "job $(probe)"'}}]
        """
    assert lines(run(tmp_path, text)) == ["one one []", "job one"]


def test_an_output_needs_a_named_step(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: echo "##vso[task.setvariable variable=v;isOutput=true]one"
        """)
    assert result.result == "succeeded"
    assert "##[warning]The output variable 'v' is lost" in result.log


MATRIX = """
    jobs:
    - job: A
      strategy: {strategy}
      steps:
      - bash: echo "##vso[task.setvariable variable=v;isOutput=true]$KIND $SYSTEM_JOBPOSITIONINPHASE"
        name: s
    - job: B
      dependsOn: A
      variables: {{probe: "$[dependencies.A.outputs['{key}']]"}}
      steps: [{{bash: 'echo "got $(probe)"'}}]
    """
LEGS = [
    pytest.param("{matrix: {debug: {kind: d}, release: {kind: r}}}", "release.s.v", "got r", id="matrix"),
    pytest.param("{parallel: 2}", "job2.s.v", "got  2", id="parallel"),
]


@pytest.mark.parametrize(("strategy", "key", "part"), LEGS)
def test_the_legs_of_a_job_have_outputs_of_their_own(tmp_path: Path, strategy: str, key: str, part: str) -> None:
    result = run(tmp_path, MATRIX.format(strategy=strategy, key=key))
    assert part in next(line for line in lines(result) if line.startswith("got"))


HOOKS = """
    stages:
    - stage: A
      jobs:
      - deployment: D
        environment: e
        strategy:
          runOnce:
            preDeploy: {steps: [{bash: 'echo "##vso[task.setvariable variable=v;isOutput=true]pre"', name: s}]}
            deploy: {steps: [{bash: 'echo "##vso[task.setvariable variable=v;isOutput=true]dep"', name: s}]}
      - job: same
        dependsOn: D
        variables: {a: "$[dependencies.D.outputs['D.s.v']]", b: "$[dependencies.D.outputs['preDeploy.s.v']]"}
        steps: [{bash: 'echo "job $(a) $(b)"'}]
    - stage: B
      condition: eq(dependencies.A.outputs['D.preDeploy.s.v'], 'pre')
      jobs:
      - job: other
        variables: {a: "$[stageDependencies.A.D.outputs['D.s.v']]", b: "$[stageDependencies.A.D.outputs['s.v']]"}
        steps: [{bash: 'echo "stage $(a) [$(b)]"'}]
    """


def test_outputs_of_a_hook_carry_its_name_and_those_of_deploy_the_name_of_the_job(tmp_path: Path) -> None:
    said = lines(run(tmp_path, HOOKS))
    assert [line for line in said if line.startswith(("job", "stage"))] == ["job dep pre", "stage dep []"]


def test_an_output_of_a_failed_or_skipped_job_is_still_an_answer(tmp_path: Path) -> None:
    result = run(tmp_path, f"""
        jobs:
        - {{job: A, steps: [{{{SET}}}, {{bash: exit 1}}]}}
        - {{job: S, condition: false, steps: [{{{SET}}}]}}
        - job: B
          dependsOn: [A, S]
          condition: always()
          variables: {{a: "$[dependencies.A.outputs['s.v']]", s: "$[dependencies.S.outputs['s.v']]",
                      r: "$[dependencies.S.result]"}}
          steps: [{{bash: 'echo "got $(a) [$(s)] $(r)"'}}]
        """)
    assert "got one [] Skipped" in lines(result)


FAR = """
    stages:
    - stage: A
      jobs:
      - job: A1
        strategy: {{matrix: {{one: {{k: 1}}, two: {{k: 2}}}}}}
        steps: [{{bash: 'echo "{set}$K"', name: s}}]
      - {{job: A2, dependsOn: A1, steps: []}}
      - {{job: A3, dependsOn: A2, variables: {{v: "$[{near}]"}}, steps: [{{bash: 'echo "near $(v)"'}}]}}
    - {{stage: B, jobs: [{{job: B1, steps: []}}]}}
    - stage: C
      variables: {{v: "$[{far}]"}}
      jobs: [{{job: C1, condition: "ne(variables.v, 'nobody')", steps: [{{bash: 'echo "far $(v)"'}}]}}]
    """
REACHED = [
    pytest.param("dependencies.A2.result", "stageDependencies.A.A1.outputs['two.s.v']", ["near Succeeded", "far 2"],
                 id="a leg two stages back"),
    pytest.param("dependencies.A1.outputs['one.s.v']", "dependencies.A.outputs['A1.one.s.v']", ["near ", "far "],
                 id="indirect only by stage"),
    pytest.param("stageDependencies.A.A1.outputs['one.s.v']", "dependencies.B.result", ["near ", "far Succeeded"],
                 id="own stage is none of them"),
    pytest.param("'-'", "stageDependencies.A.A1.outputs['s.v']", ["near -", "far "], id="no leg"),
    pytest.param("'-'", "stageDependencies.A.A1.outputs['ONE.S.V']", ["near -", "far 1"], id="leg in any case"),
]


@pytest.mark.parametrize(("near", "far", "said"), REACHED)
def test_outputs_reach_as_far_as_dependencies_do(tmp_path: Path, near: str, far: str, said: list[str]) -> None:
    text = FAR.format(set="##vso[task.setvariable variable=v;isoutput=true]", near=near, far=far)
    assert lines(run(tmp_path, text)) == said


def test_lines_and_percents_survive_the_way_to_another_job(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: A
          steps: [{bash: 'echo "##vso[task.setvariable variable=v;isoutput=true]foo%0Abar 100%AZP25%0D"', name: s}]
        - job: B
          dependsOn: A
          variables: {v: "$[dependencies.A.outputs['s.v']]"}
          steps:
          - bash: |
              [ "$V" = $'foo\\nbar 100%\\r' ] && echo same
        """)
    assert lines(result) == ["same"]
