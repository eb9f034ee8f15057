from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.pipelines.request import ManualQuestion
from tests.sandbox.pipelines.running import run

TEXT = """
    jobs:
    - job: ask
      pool: server
      steps:
      - task: ManualValidation@1
        displayName: Look at the plan
        timeoutInMinutes: 0.002
        inputs: {{notifyUsers: '', instructions: Is it right?, onTimeout: {on_timeout}}}
    - {{job: apply, dependsOn: ask, steps: [{{bash: echo applied}}]}}
    """


class Person:
    def __init__(self, answer: bool | None) -> None:
        self.answer = answer
        self.questions: list[ManualQuestion] = []

    def ask(self, question: ManualQuestion, stop: Callable[[], bool]) -> bool | None:
        self.questions.append(question)
        while self.answer is None and not stop():
            time.sleep(0.01)
        return self.answer


ANSWERS = [
    pytest.param(True, "reject", "succeeded", id="approved"),
    pytest.param(False, "resume", "skipped", id="rejected"),
    pytest.param(None, "reject", "skipped", id="no answer"),
    pytest.param(None, "resume", "succeeded", id="no answer but resume"),
]


@pytest.mark.parametrize(("answer", "on_timeout", "applied"), ANSWERS)
def test_a_person_decides_whether_the_run_goes_on(
    tmp_path: Path, answer: bool | None, on_timeout: str, applied: str
) -> None:
    person = Person(answer)
    result = run(tmp_path, TEXT.format(on_timeout=on_timeout), validator=person)
    assert result.jobs["apply"] == applied
    assert person.questions == [ManualQuestion("ask", "Look at the plan", "Is it right?", "")]


def test_where_nobody_can_answer_the_step_fails(tmp_path: Path) -> None:
    result = run(tmp_path, TEXT.format(on_timeout="resume"))
    assert "nobody can answer a manual validation" in result.log
    assert result.result == "failed"


@pytest.mark.parametrize(("length", "expected"), [(4000, "succeeded"), (4001, "failed")])
def test_instructions_have_an_end(tmp_path: Path, length: int, expected: str) -> None:
    text = TEXT.format(on_timeout="resume").replace("Is it right?", "x" * length)
    assert run(tmp_path, text, validator=Person(answer=True)).result == expected


WRONG_PLACE = [
    ("jobs: [{job: a, pool: server, steps: [{task: ManualValidation@1}]}]", "its required input 'notifyUsers'"),
    ("steps: [{task: ManualValidation@1, inputs: {notifyUsers: ''}}]", "only runs in a job with 'pool: server'"),
    ("jobs: [{job: a, pool: server, steps: [{bash: ls}]}]", "'Bash@3' needs an agent"),
]


@pytest.mark.parametrize(("text", "said"), WRONG_PLACE)
def test_a_task_runs_only_where_it_can(tmp_path: Path, text: str, said: str) -> None:
    result = run(tmp_path, text)
    assert result.error is not None
    assert said in result.error
