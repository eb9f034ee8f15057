"""Attempts and time limits of steps and jobs."""
from __future__ import annotations

import time
from pathlib import Path

from tests.sandbox.pipelines.running import lines, run


def test_a_failing_step_is_tried_again(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: echo try >> ../tries; [ $(wc -l < ../tries) -gt 1 ]
          displayName: it
          retryCountOnTaskFailure: 3
        """, retry_seconds=0.01)
    assert result.result == "succeeded"
    assert "##[warning]RetryHelper" in result.log


def test_the_time_of_a_step_covers_all_its_attempts(tmp_path: Path) -> None:
    start = time.monotonic()
    result = run(tmp_path, """
        steps: [{bash: echo try; exit 1, retryCountOnTaskFailure: 5, timeoutInMinutes: 0.005, displayName: it}]
        """, retry_seconds=30)
    assert result.result == "failed"
    assert lines(result).count("try") == 1
    assert "##[error]The task has timed out." in lines(result)
    assert time.monotonic() - start < 10


def test_what_ran_out_of_time_is_not_tried_again(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps: [{bash: echo try; sleep 60, retryCountOnTaskFailure: 5, timeoutInMinutes: 0.005}]
        """, retry_seconds=0.01)
    assert lines(result).count("try") == 1


def test_a_command_that_failed_is_no_reason_to_try_again(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps: [{bash: echo "try ##vso[task.complete]", retryCountOnTaskFailure: 2}]
        """, retry_seconds=0.01)
    assert "RetryHelper" not in result.log
    assert result.result == "failed"


def test_a_failure_that_may_be_is_tried_again_first(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps: [{bash: exit 1, retryCountOnTaskFailure: 2, continueOnError: true}]
        """, retry_seconds=0.002)
    retries = [line for line in lines(result) if "RetryHelper" in line]
    assert [line.partition("will retry ")[2] for line in retries] == [
        "(attempt #: 1 out of 2) after 2 ms", "(attempt #: 2 out of 2) after 8 ms"]
    assert result.result == "succeededWithIssues"


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


def test_a_flood_of_output_is_kept_in_the_file_and_bounded_in_memory(tmp_path: Path) -> None:
    line = "0123456789" * 30
    result = run(tmp_path, f"steps: [{{checkout: none}}, {{bash: 'yes {line} | head -c 9000000'}}]")
    assert result.log_file is not None
    assert result.log_file.stat().st_size > 9_000_000
    assert len(result.log) <= 8_000_000


def test_a_child_that_never_ends_does_not_hold_its_step(tmp_path: Path) -> None:
    start = time.monotonic()
    result = run(tmp_path, "steps: [{bash: 'sleep 60 & echo begun'}, {bash: echo next}]")
    assert [line for line in lines(result) if "##[" not in line] == [
        "begun", "next", "Cleaning up orphan processes: 1 ended"]
    assert time.monotonic() - start < 10


def test_output_of_any_bytes_is_text_in_the_log(tmp_path: Path) -> None:
    result = run(tmp_path, "steps: [{bash: 'printf \"\\0\\033[31m\\200\\n\\377end\\n\"'}]")
    assert result.result == "succeeded"
    assert result.log_file is not None
    assert "\N{REPLACEMENT CHARACTER}end" in result.log_file.read_text(encoding="utf-8")
