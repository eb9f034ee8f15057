from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import lines, run


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
    ('echo "##vso[task.logissue]bad"', "succeeded"),
    ('echo "##vso[task.logissue type=info]bad"', "failed"),
    ('echo "##vso[task.complete result=Canceled]"; exit 1', "canceled"),
    ('echo "##vso[task.complete result=Skipped]"', "skipped"),
    ('echo "##vso[task.setvariable variable=v; issecret=true]a%0Ab"', "succeeded"),
    ('echo "##vso[task.setvariable variable=v;issecret=yes]a%0Ab"', "succeeded"),
    ('echo "##vso[task.setvariable variable=v;issecret=true]a%0D"', "failed"),
    ('echo "##vso[ task.complete result=Failed]"', "succeeded"),
    ('echo "##VSO[task.complete result=Failed]"', "succeeded"),
    ('echo "##vso[task.prependpath]"', "failed"),
    ('echo "##vso[task.setsecret]"', "succeeded"),
    ('echo "##vso[task.uploadsummary]"', "failed"),
    ('echo "##vso[build.updatebuildnumber]"', "failed"),
    ('echo "##vso[artifact.upload]/tmp"', "failed"),
    ('echo "##[error]only text"', "succeeded"),
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
    ("{bash: \"echo \\0\"}", "the input 'script' has a NUL character in it"),
    ("{download: current, path: azure-pipelines.yml}", "File exists"),
    (f"{{bash: ls, workingDirectory: {'x' * 300}}}", "File name too long"),
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
