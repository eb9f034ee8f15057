"""What logging commands do in a run."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import lines, run, secret


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


PERCENTS = [
    pytest.param("true", "test%AZP25", "$(test%)", "a%", id="in name and data"),
    pytest.param("false", "test", "$(test)", "a%AZP25", id="switched off"),
    pytest.param("FALSE", "test", "$(test)", "a%AZP25", id="switched off in any case"),
]


@pytest.mark.parametrize(("decode", "name", "macro", "value"), PERCENTS)
def test_percents_are_decoded_unless_a_variable_says_no(
    tmp_path: Path, decode: str, name: str, macro: str, value: str
) -> None:
    result = run(tmp_path, f"""
        variables: {{DECODE_PERCENTS: '{decode}'}}
        steps:
        - bash: echo "##vso[task.setvariable variable={name}]a%AZP25"
        - bash: echo "{macro}"
        """)
    assert lines(result) == [value]


def test_an_empty_folder_makes_no_artifact_and_a_warning(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: mkdir empty; echo "##vso[artifact.upload artifactname=drop]$PWD/empty"
        """)
    assert (result.result, result.artifacts) == ("succeeded", {})
    assert "Nothing will be added to the build artifact 'drop'" in result.log


def test_debug_output_is_only_there_for_who_asks_for_it(tmp_path: Path) -> None:
    text = 'variables: {System.Debug: "%s"}\nsteps: [{bash: "echo \'##vso[task.debug]hidden\'"}]'
    logs = []
    for value in ("false", "true"):
        (tmp_path / value).mkdir()
        logs.append(lines(run(tmp_path / value, text.replace("%s", value))))
    assert logs == [[], ["##[debug]hidden"]]
