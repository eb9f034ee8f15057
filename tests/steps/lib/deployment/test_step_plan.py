from __future__ import annotations

from pathlib import Path

import pytest

from steps.lib.deployment.step_plan import StepPlan, read_plans, wanted_files


def plan(*lines: str, step: str = "a_step") -> StepPlan:
    return StepPlan(step, "https://h.test", "17", "c0ffee", lines, {"libraries.json": "1"})


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    plan("edit: b\u00e4r", "  x").write(tmp_path)
    assert read_plans(tmp_path / "plans") == [plan("edit: b\u00e4r", "  x")]


def test_plans_come_in_the_order_of_the_steps(tmp_path: Path) -> None:
    for step in ("z_first", "a_second"):
        plan(step=step).write(tmp_path)
    assert [one.step for one in read_plans(tmp_path / "plans")] == ["z_first", "a_second"]


def test_the_digest_is_of_everything() -> None:
    assert plan("a").digest == plan("a").digest
    assert len({plan("a").digest, plan("b").digest, plan("a", step="b").digest}) == 3


@pytest.mark.parametrize(("lines", "changes"), [
    ((), 0), (("unchanged: x",), 0), (("orphaned: job x",), 0), (("edit: x", "  a", "  b"), 1),
    (("create: x", "delete: y", "unchanged: z"), 2),
])
def test_changes_are_counted(lines: tuple[str, ...], changes: int) -> None:
    assert plan(*lines).changes == changes


def test_generated_files_are_told_apart_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "libraries.json").write_text("{}")
    first = wanted_files(tmp_path)
    (tmp_path / "libraries.json").write_text("[]")
    assert (list(first), wanted_files(tmp_path) == first) == (["libraries.json"], False)
