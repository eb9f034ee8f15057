"""Runs that want the same exclusive lock."""
from __future__ import annotations

from sandbox.azure_devops.checks.lock_room import Lock
from sandbox.azure_devops.checks.protection import ExclusiveLock
from sandbox.azure_devops.runs.run_queue import Run
from tests.sandbox.azure_devops.deployer import DEPLOY, PROD, Deployer, log_of

# A stage stays in its lock until somebody removes the signal.
SLOW = 'touch "$SIGNAL"; while [ -e "$SIGNAL" ]; do sleep 0.02; done'
ON_STAGE = f"""
    stages:
    - stage: deploy
      lockBehavior: runLatest
      jobs: [{{job: a, steps: [{{checkout: none}}, {{bash: '{SLOW}'}}]}}]
    """


def lined_up(deployer: Deployer, lock: Lock, *branches: str) -> list[Run]:
    """Runs of which the first is in the lock, and each other waits for it since before the next."""
    runs = [deployer.queue(branches[0])]
    deployer.await_signal()
    for number, branch in enumerate(branches[1:], start=1):
        runs.append(deployer.queue(branch))
        assert deployer.organisation.checkpoint.locks.await_waiting(lock, number, 20)
    return runs


def locked(deployer: Deployer, behavior: str, count: int) -> list[Run]:
    deployer.protect(ExclusiveLock())
    deployer.commit(DEPLOY.format(lock=behavior, script=SLOW))
    return lined_up(deployer, Lock((PROD.kind, PROD.id)), *["main"] * count)


def let_through(deployer: Deployer, count: int) -> None:
    for _ in range(count):
        deployer.await_signal()
        deployer.signal.unlink()
    deployer.finish()


def test_a_later_run_takes_the_place_of_those_that_wait(deployer: Deployer) -> None:
    runs = locked(deployer, "runLatest", 3)
    let_through(deployer, 2)
    assert [run.outcome for run in runs] == ["succeeded", "canceled", "succeeded"]
    assert "a later run took its place" in log_of(runs[1])


def test_runs_may_ask_to_take_turns(deployer: Deployer) -> None:
    runs = locked(deployer, "sequential", 3)
    let_through(deployer, 3)
    assert [run.outcome for run in runs] == ["succeeded"] * 3


def test_a_failed_stage_gives_its_lock_back(deployer: Deployer) -> None:
    deployer.protect(ExclusiveLock())
    text = DEPLOY.format(lock="sequential", script="exit 1")
    assert [deployer.run(text).outcome for _ in range(2)] == ["failed", "failed"]


def test_a_canceled_run_leaves_the_queue_of_a_lock(deployer: Deployer) -> None:
    first, second = locked(deployer, "sequential", 2)
    second.cancelled.set()
    deployer.await_end(second)
    let_through(deployer, 1)
    assert (first.outcome, second.outcome) == ("succeeded", "canceled")


def test_the_lock_of_a_stage_is_shared_but_only_runs_of_one_branch_push_each_other_out(deployer: Deployer) -> None:
    for branch in ("main", "dev"):
        deployer.commit(ON_STAGE, branch=branch)
    lock = Lock(("stage", str(deployer.pipeline.id), "deploy"), of_stage=True)
    runs = lined_up(deployer, lock, "main", "dev", "main", "main")
    let_through(deployer, 3)
    assert [run.outcome for run in runs] == ["succeeded", "succeeded", "canceled", "succeeded"]
