from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import Canceler, lines, run


def test_every_leg_of_a_matrix_runs_with_its_own_values(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: A
          variables: {kind: job}
          strategy: {matrix: {debug: {kind: d}, release: {kind: r}}}
          steps: [{bash: 'echo "$(kind)"'}]
        """)
    assert sorted(lines(result)) == ["d", "r"]
    assert {step.job for step in result.steps} == {"A debug", "A release"}


def test_one_failed_leg_fails_the_job(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: A
          strategy: {matrix: {good: {code: 0}, bad: {code: 1}}}
          steps: [{bash: exit $(code)}]
        """)
    assert result.jobs == {"A": "failed"}


def test_a_matrix_may_come_from_another_job(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: make
          steps:
          - bash: echo '##vso[task.setvariable variable=m;isOutput=true]{"x":{"kind":"one"},"y":{"kind":"two"}}'
            name: s
        - job: use
          dependsOn: make
          strategy: {matrix: "$[dependencies.make.outputs['s.m']]"}
          steps: [{bash: 'echo "$(kind)"'}]
        """)
    assert sorted(lines(result)) == ["one", "two"]


def test_a_matrix_may_come_from_a_variable(tmp_path: Path) -> None:
    result = run(tmp_path, """
        variables: {m: '{"x":{"kind":"one"},"y":{"kind":"two"}}'}
        jobs: [{job: use, strategy: {matrix: "$[variables.m]"}, steps: [{bash: 'echo "$(kind)"'}]}]
        """)
    assert sorted(lines(result)) == ["one", "two"]


BAD_MATRICES = ["", "[]", "{", '{"x": 1}']


@pytest.mark.parametrize("matrix", BAD_MATRICES)
def test_a_matrix_that_is_none_abandons_its_job(tmp_path: Path, matrix: str) -> None:
    result = run(tmp_path, f"""
        variables: {{m: '{matrix}'}}
        jobs: [{{job: use, strategy: {{matrix: "$[variables.m]"}}, steps: []}}, {{job: b, dependsOn: use, steps: []}}]
        """)
    assert result.jobs == {"use": "abandoned", "b": "skipped"}
    assert "expected a JSON object of objects" in result.log


def test_slices_know_their_number(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: A
          strategy: {parallel: 3, maxParallel: 1}
          steps: [{bash: echo "$(System.JobPositionInPhase) of $(System.TotalJobsInPhase)"}]
        """)
    assert lines(result) == ["1 of 3", "2 of 3", "3 of 3"]


LIMITS = [pytest.param(1, "{}", 1, id="job limit"), pytest.param(3, "{maxParallel: 1}", 1, id="maxParallel"),
          pytest.param(3, "{}", 3, id="together")]


@pytest.mark.parametrize(("limit", "strategy", "most"), LIMITS)
def test_no_more_jobs_run_at_once_than_allowed(tmp_path: Path, limit: int, strategy: str, most: int) -> None:
    watcher = Canceler()
    legs = strategy.replace("{", "{matrix: {a: {}, b: {}, c: {}}, ").replace(", }", "}")
    run(tmp_path, f"jobs: [{{job: A, strategy: {legs}, steps: [{{checkout: none}}, {{bash: sleep 0.15}}]}}]",
        listener=watcher, job_limit=limit)
    running = peak = 0
    for news in watcher.seen:
        running += news.startswith("job ") * (-1 if news.endswith("succeeded") else 1)
        peak = max(peak, running)
    assert peak == most


def test_jobs_have_machines_of_their_own(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - {job: a, steps: [{bash: echo x > ../left.txt}]}
        - {job: b, dependsOn: a, steps: [{bash: ls ..}]}
        """)
    assert "left.txt" not in lines(result)


def test_files_go_from_job_to_job_as_artifacts(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: a
          steps:
          - bash: mkdir -p out/deep; echo hello > out/deep/x.txt; echo other > out/y.log
          - {publish: out, artifact: drop}
          - bash: echo "##vso[artifact.upload artifactname=more]$PWD/out/y.log"
        - job: b
          dependsOn: a
          steps:
          - {download: current, artifact: drop, patterns: '**/*.txt'}
          - task: DownloadPipelineArtifact@2
            inputs: {path: all}
          - bash: cd "$PIPELINE_WORKSPACE"; find drop s/all -type f | sort
        """)
    assert lines(result)[-4:] == ["drop/deep/x.txt", "s/all/drop/deep/x.txt", "s/all/drop/y.log", "s/all/more/y.log"]
    assert sorted(result.artifacts) == ["drop", "more"]


def test_an_artifact_is_published_once(tmp_path: Path) -> None:
    result = run(tmp_path, "steps: [{publish: ., artifact: a}, {publish: ., artifact: a}]")
    assert "Artifact a already exists for this run" in result.log
    assert result.result == "failed"


DEPLOYMENT = """
    jobs:
    - {{job: first, steps: [{{publish: ., artifact: drop}}]}}
    - deployment: d
      dependsOn: first
      environment: test
      strategy:
        runOnce:
          preDeploy: {{steps: [{{bash: echo pre; ls}}]}}
          deploy: {{steps: [{{bash: 'echo deploy; ls .. | grep drop; {code}'}}]}}
          routeTraffic: {{steps: [{{bash: echo route}}]}}
          on:
            failure: {{steps: [{{bash: echo failure}}]}}
            success: {{steps: [{{bash: echo "success $ENVIRONMENT_NAME"}}]}}
    """
HOOKS = [("true", ["pre", "deploy", "drop", "route", "success test"], "succeeded"),
         ("exit 1", ["pre", "deploy", "drop", "failure"], "failed")]


@pytest.mark.parametrize(("code", "said", "ending"), HOOKS)
def test_the_hooks_of_a_deployment_follow_each_other(tmp_path: Path, code: str, said: list[str], ending: str) -> None:
    result = run(tmp_path, DEPLOYMENT.format(code=code))
    told = [line for line in lines(result) if not line.startswith(("##[", "Published", "Downloaded"))]
    assert told == said
    assert result.jobs["d"] == ending


def test_a_deployment_checks_nothing_out(tmp_path: Path) -> None:
    result = run(tmp_path, DEPLOYMENT.format(code="true"))
    assert [step.name for step in result.steps if step.job == "d" and "heckout" in step.name] == []


def test_a_job_that_may_fail_ends_with_issues(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - {job: a, continueOnError: true, steps: [{bash: exit 1}]}
        - {job: b, dependsOn: a, steps: [{bash: echo still}]}
        """)
    assert result.jobs == {"a": "succeededWithIssues", "b": "succeeded"}


def test_a_listener_hears_of_everything_in_order(tmp_path: Path) -> None:
    watcher = Canceler()
    run(tmp_path, "name: r1\nsteps: [{checkout: none}, {bash: echo hi, displayName: greet}]", listener=watcher)
    assert watcher.seen == [
        "run r1", "stage __default", "job Job", "step Job Checkout none skipped", "step Job greet", "line hi",
        "step Job greet succeeded", "job Job succeeded", "stage __default succeeded", "run succeeded",
    ]


def test_what_a_step_leaves_running_ends_with_its_job(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: sleep 30 > /dev/null 2>&1 & echo $! > ../pid
        - bash: kill -0 $(cat ../pid) && echo alive
        """)
    assert lines(result) == ["alive", "Cleaning up orphan processes: 1 ended"]


def test_a_listener_hears_of_jobs_that_are_skipped(tmp_path: Path) -> None:
    watcher = Canceler()
    run(tmp_path, "jobs: [{job: a, condition: false, steps: []}]", listener=watcher)
    assert "job a skipped" in watcher.seen


def test_jobs_of_one_name_are_told_apart_by_their_stage(tmp_path: Path) -> None:
    result = run(tmp_path, """
        stages:
        - {stage: one, jobs: [{job: a, steps: []}]}
        - {stage: two, jobs: [{job: A, steps: []}, {job: b, steps: []}]}
        """)
    assert sorted(result.jobs) == ["b", "one.a", "two.A"]
