from __future__ import annotations

import pytest

from sandbox.pipelines.locks import CHECK_ORDER, Claim, Grant, LockBehavior, effective, grant

TWO, THREE, FOUR = Claim(2, "main"), Claim(3, "main"), Claim(4, "dev")


def test_without_a_word_the_latest_run_wins() -> None:
    assert effective("") is LockBehavior.RUN_LATEST
    assert effective("sequential") is LockBehavior.SEQUENTIAL


def test_an_unknown_behavior_is_an_error() -> None:
    with pytest.raises(ValueError, match="fifo"):
        effective("fifo")


GRANTS = [
    pytest.param(LockBehavior.SEQUENTIAL, False, [TWO, THREE], Grant(TWO, (), (THREE,)), id="one after the other"),
    pytest.param(LockBehavior.RUN_LATEST, False, [TWO, THREE], Grant(THREE, (TWO,), ()), id="latest"),
    pytest.param(LockBehavior.RUN_LATEST, False, [TWO, THREE, FOUR], Grant(FOUR, (TWO, THREE), ()), id="latest of all"),
    pytest.param(LockBehavior.RUN_LATEST, True, [TWO, FOUR, THREE], Grant(FOUR, (TWO,), (THREE,)), id="by branch"),
    pytest.param(LockBehavior.RUN_LATEST, False, [TWO, Claim(2, "main", "b")], Grant(TWO, (), (Claim(2, "main", "b"),)),
                 id="stages of one run"),
    pytest.param(LockBehavior.SEQUENTIAL, False, [], Grant(None, (), ()), id="nobody waits"),
]


@pytest.mark.parametrize(("behavior", "stage_lock", "claims", "expected"), GRANTS)
def test_a_free_lock_is_given_to_one(
    behavior: LockBehavior, stage_lock: bool, claims: list[Claim], expected: Grant
) -> None:
    assert grant(claims, behavior, stage_lock=stage_lock) == expected


def test_checks_that_cost_nothing_come_first_and_the_lock_last() -> None:
    assert CHECK_ORDER == ("static", "pre-check approval", "dynamic", "post-check approval", "exclusive lock")
