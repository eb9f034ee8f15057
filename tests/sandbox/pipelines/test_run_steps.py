from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import lines, run, secret


def status(folder: Path, script: str) -> str:
    result = run(folder, f"steps: [{{bash: '{script}', displayName: it}}]")
    return {step.name: step.result for step in result.steps}["it"]


ENDINGS = [
    ("exit 0", "succeeded"),
    ("exit 1", "failed"),
    ("kill -9 $$", "failed"),
    ('echo "##vso[task.complete result=SucceededWithIssues]"', "succeededWithIssues"),
    ('echo "##vso[task.complete result=Failed]"; exit 0', "failed"),
    ('echo "##vso[task.complete result=Failed]"; echo "##vso[task.complete result=Succeeded]"', "failed"),
    ('echo "##vso[task.complete result=Succeeded]"; exit 2', "failed"),
    ('echo "##vso[task.complete result=fine]"', "failed"),
    ('echo "##vso[task.complete]"', "failed"),
    ('echo "##vso[task.logissue type=error]bad"', "succeeded"),
    ('echo "##vso[task.logissue]bad"', "failed"),
    ('echo "##vso[task.nosuch]"', "failed"),
    ('echo "##vso[nosuch.event]"', "succeeded"),
    ('echo "##vso[task.setvariable]x"', "failed"),
    ('echo "##vso[task.setvariable variable=v;issecret=true]a%0Ab"', "failed"),
    ('echo "##vso[task.uploadsummary]/no/such/file"', "failed"),
    ('echo "##vso no command"', "succeeded"),
    ('echo "text" >&2', "succeeded"),
    ("echo $'\\xff\\xfe'", "succeeded"),
]


@pytest.mark.parametrize(("script", "ending"), ENDINGS)
def test_a_step_ends_as_its_script_and_its_commands_say(tmp_path: Path, script: str, ending: str) -> None:
    assert status(tmp_path, script.replace("'", "''")) == ending


def test_output_on_standard_error_fails_a_step_that_asks_for_it(tmp_path: Path) -> None:
    result = run(tmp_path, "steps: [{bash: echo oops >&2, failOnStderr: true}]")
    assert result.result == "failed"
    assert "##[error]oops" in lines(result)


def test_a_failing_step_is_tried_again(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: echo try >> ../tries; [ $(wc -l < ../tries) -gt 1 ]
          displayName: it
          retryCountOnTaskFailure: 3
        """, retry_seconds=0.01)
    assert result.result == "succeeded"
    assert "##[warning]RetryHelper" in result.log


def test_a_step_that_takes_too_long_fails(tmp_path: Path) -> None:
    start = time.monotonic()
    result = run(tmp_path, "steps: [{bash: echo begun; sleep 60, timeoutInMinutes: 0.003}]")
    assert result.result == "failed"
    assert lines(result) == ["begun", "##[error]The task has timed out."]
    assert time.monotonic() - start < 10


def test_a_job_that_takes_too_long_is_canceled(tmp_path: Path) -> None:
    result = run(tmp_path, """
        jobs:
        - job: slow
          timeoutInMinutes: 0.003
          steps:
          - bash: sleep 60
          - {bash: echo cleaned up, condition: always()}
        - {job: after, dependsOn: slow, steps: [{bash: echo after}]}
        """)
    assert result.jobs == {"slow": "canceled", "after": "skipped"}
    assert "cleaned up" in lines(result)
    assert "ran longer than the maximum time of 0.003 minutes" in result.log


def test_a_secret_is_masked_from_the_moment_it_is_known(tmp_path: Path) -> None:
    text = """
        steps:
        - bash: |
            echo "made up"
            echo "##vso[task.setsecret]made up"
            echo "it is made up"
            echo "##vso[task.setvariable variable=v;issecret=true]another"
            echo "another $(given)"
          displayName: Show $(given)
        """
    result = run(tmp_path, text, variables={"given": secret("given-value")})
    assert lines(result) == ["made up", "it is ***", "*** ***"]
    assert "Show ***" in [step.name for step in result.steps]
    assert result.log_file is not None
    assert "given-value" not in result.log_file.read_text() + result.log


def test_issues_groups_and_prefixes_are_written_as_the_log_of_the_service_has_them(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: |
            echo "before ##vso[task.logissue type=warning;sourcepath=a.py;linenumber=3;code=7]careful%0Anow"
            echo "##[group]fold"
            echo "##vso[task.debug]hidden"
            echo "##vso[task.setprogress value=50]half"
        """)
    assert lines(result) == ["##[warning]a.py(3,0): 7: careful", "now", "##[group]fold"]


def test_a_path_that_is_prepended_goes_first_from_the_next_step_on(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: |
            mkdir -p ../tools; printf '#!/bin/sh\\necho mine\\n' > ../tools/mytool; chmod +x ../tools/mytool
            echo "##vso[task.prependpath]$PIPELINE_WORKSPACE/tools"
            mytool || echo "not yet"
        - bash: mytool
        """)
    assert [line for line in lines(result) if "command not found" not in line] == ["not yet", "mine"]


def test_a_summary_is_kept_beside_the_run(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: |
            echo "# Done" > summary.md
            echo "##vso[task.uploadsummary]$PWD/summary.md"
        """)
    assert [path.read_text() for path in result.summaries] == ["# Done\n"]


def test_a_restricted_step_cannot_reach_beyond_itself(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: |
            echo "##vso[build.updatebuildnumber]hacked"
            echo "##vso[task.setvariable variable=other]x"
            echo "##vso[task.setvariable variable=mine]x"
          target: {commands: restricted, settableVariables: [mine]}
        - bash: echo "[$OTHER] [$MINE] [$BUILD_BUILDNUMBER]"
        """)
    assert lines(result)[-1].startswith("[] [x] [")
    assert "hacked" not in result.log


def test_the_build_number_can_be_changed_at_once(tmp_path: Path) -> None:
    result = run(tmp_path, """
        name: first
        steps:
        - bash: echo "##vso[build.updatebuildnumber]second ($BUILD_BUILDNUMBER)"
        - bash: echo "$BUILD_BUILDNUMBER"
        """)
    assert lines(result) == ["second (first)"]


def test_percent_decoding_can_be_switched_off(tmp_path: Path) -> None:
    result = run(tmp_path, """
        variables: {DECODE_PERCENTS: 'false'}
        steps:
        - bash: echo "##vso[task.setvariable variable=v]a%AZP25"
        - bash: echo "$V"
        """)
    assert lines(result) == ["a%AZP25"]


SCRIPTS = [
    pytest.param("{bash: pwd, workingDirectory: $(Build.BinariesDirectory)}", "/1/b", id="absolute"),
    pytest.param("{bash: pwd, workingDirectory: sub}", "/1/s/sub", id="relative"),
    pytest.param("{task: Bash@3, inputs: {filePath: sub/a.sh, arguments: one 'two three'}}", "2 args", id="file"),
    pytest.param("{script: 'echo $0 | grep -c _temp'}", "1", id="command line in a file"),
    pytest.param("{bash: 'echo \"$(((1+1)))\"'}", "2", id="shell arithmetic"),
]


@pytest.mark.parametrize(("step", "said"), SCRIPTS)
def test_scripts_run_where_and_as_their_inputs_say(tmp_path: Path, step: str, said: str) -> None:
    result = run(tmp_path, f"steps: [{step}]", files={"sub/a.sh": "echo $# args\n"})
    assert lines(result)[0].endswith(said)


REFUSED = [
    ("{bash: pwd, workingDirectory: nosuch}", "Not found workingDirectory: "),
    ("{task: Bash@3, inputs: {filePath: nosuch.sh}}", "Invalid file path 'nosuch.sh'"),
    ("{task: UsePythonVersion@0, inputs: {versionSpec: 2.7}}", "Version spec 2.7 does not match any version"),
    ("{task: UsePythonVersion@0, inputs: {versionSpec: pypy3}}", "cannot be read"),
    ("{download: current, artifact: nosuch}", "Artifact nosuch was not found in this run, which has: none"),
    ("{publish: nosuch, artifact: a}", "Path does not exist"),
    ("{publish: ., artifact: a/b}", "Artifact name is not valid: a/b"),
    ("{bash: \"echo\", env: {A: \"a\\0b\"}}", "cannot start 'bash'"),
]


@pytest.mark.parametrize(("step", "said"), REFUSED)
def test_a_step_that_cannot_work_says_why(tmp_path: Path, step: str, said: str) -> None:
    result = run(tmp_path, f"steps: [{step}]")
    assert result.result == "failed"
    assert said in result.log


def test_the_chosen_python_is_first_on_the_path(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - {task: UsePythonVersion@0, inputs: {versionSpec: '>=3.10'}}
        - bash: python -c 'import sys; print(sys.version_info >= (3, 10))'
        """)
    assert lines(result)[-1] == "True"


def test_test_results_are_counted(tmp_path: Path) -> None:
    junit = "<testsuite><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>"
    result = run(tmp_path, """
        steps:
        - task: PublishTestResults@2
          inputs: {testResultsFiles: '**/junit.xml', failTaskOnFailedTests: true}
        """, files={"out/junit.xml": junit})
    assert "Published test results: 2 tests in 1 files, 1 failed" in result.log
    assert result.result == "failed"


def test_a_cache_never_hits_and_says_so(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - {task: Cache@2, inputs: {key: 'pip | a', path: x, cacheHitVar: HIT}}
        - bash: echo "$HIT"
        """)
    assert lines(result)[-1] == "false"
