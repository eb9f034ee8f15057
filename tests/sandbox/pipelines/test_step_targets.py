"""What `target:` of a step lets its logging commands do."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.pipelines.logging_commands import ALLOWED_WHEN_RESTRICTED
from tests.sandbox.pipelines.running import lines, run

HARMLESS = ["task.logdetail", "task.logissue", "task.issue", "task.complete", "task.setprogress", "task.setsecret",
            "task.setvariable", "task.debug", "task.settaskvariable", "task.prependpath", "telemetry.publish"]


def test_restricted_mode_allows_these_commands_and_no_other() -> None:
    assert set(HARMLESS) == ALLOWED_WHEN_RESTRICTED


PROPERTIES = "type=warning;result=Succeeded;variable=v;artifactname=n;name=x"


@pytest.mark.parametrize("command", [*HARMLESS, "TASK.LogIssue"])
def test_a_restricted_step_may_give_a_harmless_command(tmp_path: Path, command: str) -> None:
    result = run(tmp_path, f"""
        steps:
        - bash: echo "##vso[{command} {PROPERTIES}]/some/path"
          target: {{commands: restricted}}
        """)
    assert "is not allowed" not in result.log
    assert result.result == "succeeded"


BLOCKED = ["task.uploadsummary", "task.uploadfile", "task.addattachment", "task.setendpoint", "artifact.upload",
           "artifact.associate", "build.updatebuildnumber", "build.addbuildtag", "build.uploadlog", "results.publish",
           "codecoverage.publish", "build.uploadsummary"]


@pytest.mark.parametrize("command", BLOCKED)
def test_a_restricted_step_is_refused_what_reaches_beyond_it(tmp_path: Path, command: str) -> None:
    result = run(tmp_path, f"""
        steps:
        - bash: echo "##vso[{command} {PROPERTIES}]/some/path"
          target: {{container: host, commands: RESTRICTED}}
        """)
    assert f"##[warning]The command {command} is not allowed in this step" in result.log
    assert result.result == "succeeded"


UNKNOWN = ["task.setendpoint", "artifact.associate", "results.publish", "codecoverage.publish"]


@pytest.mark.parametrize("command", UNKNOWN)
def test_a_command_that_is_not_modelled_fails_a_step_that_may_give_it(tmp_path: Path, command: str) -> None:
    result = run(tmp_path, f'steps: [{{bash: \'echo "##vso[{command}]"\'}}]')
    assert "is not a command this engine models" in result.log
    assert result.result == "failed"


TARGETS = [
    pytest.param("{commands: any}", True, id="nothing said"),
    pytest.param("{settableVariables: none}", False, id="none"),
    pytest.param("{settableVariables: [none]}", False, id="list of none"),
    pytest.param("{settableVariables: None}", False, id="none in any case"),
    pytest.param("{settableVariables: [myVar, otherVar]}", True, id="name"),
    pytest.param("{settableVariables: [MYVAR]}", True, id="any case"),
    pytest.param("{settableVariables: [otherVar]}", False, id="other name"),
    pytest.param("{settableVariables: ['my*']}", True, id="beginning"),
    pytest.param("{settableVariables: []}", False, id="empty list"),
    pytest.param("host", True, id="scalar"),
]


@pytest.mark.parametrize(("target", "allowed"), TARGETS)
def test_a_variable_that_a_step_may_not_set_is_left_alone_with_a_warning(
    tmp_path: Path, target: str, allowed: bool
) -> None:
    result = run(tmp_path, f"""
        steps:
        - {{bash: 'echo "##vso[task.setvariable variable=myVar]x"', target: {target}}}
        - bash: echo "[$MYVAR]"
        """)
    assert result.result == "succeeded"
    assert lines(result)[-1] == ("[x]" if allowed else "[]")
    assert ("##[warning]The variable 'myVar' cannot be set" in result.log) is not allowed


def test_a_variable_of_the_task_is_gone_with_it_and_a_secret_one_is_masked(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: |
            echo "##vso[task.settaskvariable variable=mine;issecret=true]hidden-value"
            echo "hidden-value"
        - bash: echo '[$(mine)]' "[$MINE]"
        """)
    assert lines(result) == ["***", "[$(mine)] []"]
    assert run(tmp_path, 'steps: [{bash: \'echo "##vso[task.settaskvariable]x"\'}]').result == "failed"
