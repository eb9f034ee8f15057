"""Runs that the clock starts. The clock of these tests begins at 22:13:20 UTC."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.ticking import ticking
from tests.sandbox.azure_devops.deployer import Deployer, log_of

YAML = """
    trigger: none
    schedules:
    - {{cron: '{cron}', displayName: Nightly, branches: {{include: [{branch}]}}, always: {always}, batch: {batch}}}
    steps: [{{checkout: none}}, {{bash: '{script}'}}]
    """
WAIT = 'touch "$SIGNAL"; while [ -e "$SIGNAL" ]; do sleep 0.02; done'
HOUR = 3600.0


def yaml(*, cron: str = "0 * * * *", branch: str = "main", flags: str = "", script: str = "exit 0") -> str:
    return YAML.format(cron=cron, branch=branch, always="always" in flags, batch="batch" in flags, script=script)


def after(deployer: Deployer, seconds: float = HOUR) -> list[Run]:
    """All runs, `seconds` later."""
    deployer.clock.advance(seconds)
    deployer.organisation.schedules.tick()
    return deployer.organisation.runs.runs()


def test_a_run_knows_the_schedule_that_started_it(deployer: Deployer) -> None:
    deployer.commit(yaml(script='echo "by $BUILD_REASON $BUILD_CRONSCHEDULE_DISPLAYNAME"'))
    [run] = after(deployer)
    deployer.finish()
    assert (run.order.reason, run.outcome) == ("Schedule", "succeeded")
    assert "by Schedule Nightly" in log_of(run).splitlines()


def test_times_are_utc_and_come_once(deployer: Deployer) -> None:
    deployer.commit(yaml(cron="15 22 * * *", flags="always"))
    assert [len(after(deployer, seconds)) for seconds in (99, 1, 30, 30)] == [0, 1, 1, 1]


def test_a_branchs_own_yaml_has_to_list_it(deployer: Deployer) -> None:
    deployer.commit(yaml(branch="dev"))
    deployer.commit(yaml(branch="dev"), branch="dev")
    deployer.commit(yaml(branch="main"), branch="feature")
    assert [run.order.branch for run in after(deployer)] == ["dev"]


@pytest.mark.parametrize(("flags", "script", "runs"), [
    ("", "exit 0", 1), ("always", "exit 0", 2), ("", "exit 1", 2),
], ids=["good run and no change", "always", "no good run yet"])
def test_what_ran_before_decides(deployer: Deployer, flags: str, script: str, runs: int) -> None:
    deployer.commit(yaml(flags=flags, script=script))
    after(deployer)
    deployer.finish()
    assert len(after(deployer)) == runs


def test_a_change_makes_the_next_time_count(deployer: Deployer) -> None:
    for text in (yaml(), yaml() + "# changed\n"):
        deployer.commit(text)
        after(deployer)
        deployer.finish()
    assert len(deployer.organisation.runs.runs()) == 2


@pytest.mark.parametrize(("flags", "runs"), [("", 2), ("batch", 1), ("always batch", 2)])
def test_a_run_that_goes_on_holds_back_a_batch_unless_always(deployer: Deployer, flags: str, runs: int) -> None:
    deployer.commit(yaml(flags=flags, script=WAIT.replace("'", "''")))
    after(deployer)
    deployer.await_signal()
    assert len(after(deployer)) == runs
    deployer.organisation.runs.stop()


@pytest.mark.parametrize("text", ["schedules: [", "schedules: [{cron: never}]", "schedules: 3", "- a"])
def test_schedules_that_cannot_be_read_start_nothing(deployer: Deployer, text: str) -> None:
    deployer.commit(text)
    assert after(deployer) == []


def test_the_thread_ticks_and_ends_with_its_block(deployer: Deployer) -> None:
    deployer.commit(yaml(script='touch "$SIGNAL"'))
    deployer.clock.advance(HOUR)
    with ticking(deployer.organisation.schedules.tick, 0.01, "schedules"):
        deployer.await_signal()
    deployer.finish()
    deployer.clock.advance(HOUR)
    assert len(deployer.organisation.runs.runs()) == 1
