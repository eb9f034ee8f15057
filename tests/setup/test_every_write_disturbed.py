"""Whichever kind of write of a set-up goes wrong, and however: the next run finishes it, and makes nothing twice."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.projects.library import resource_of
from sandbox.http.faults import Fault
from setup import copy_files, create_pipelines
from tests.setup import contents
from tests.setup.bench import SetupBench

STEPS = (copy_files.step, create_pipelines.step)
NEW_CHECKS = {"dev": 3, "test": 3, "prod": 4}


@pytest.fixture
def ready(bench: SetupBench) -> SetupBench:
    assert bench.bootstrap() == 0
    return bench


def set_up(bench: SetupBench, product: str) -> list[int]:
    return [bench.run(step, REMOTE_REPO_NAME=product) for step in STEPS]


def writes(bench: SetupBench) -> list[int]:
    """At which of the requests of an undisturbed set-up something is written: the last time on each address."""
    bench.repository("reference")
    bench.organisation.log.clear()
    assert set_up(bench, "reference") == [0, 0]
    return list({one.path: at for at, one in enumerate(bench.organisation.log.entries())
                 if one.method not in ("GET", "OPTIONS")}.values())


def made(bench: SetupBench, product: str) -> dict[str, Any]:
    """Everything that a product has: a double shows in a number."""
    library, protection = bench.analytics.library, bench.organisation.checkpoint.protection
    environments = {one.name.removeprefix(f"{product}-"): one for one in library.environments
                    if one.name.startswith(f"{product}-")}
    repository = bench.analytics.repositories[product]
    return {
        "commits": int(contents.git(repository, "rev-list", "--count", "HEAD")),
        "files": len(contents.files(repository, "HEAD")),
        "pipelines": sorted(one.name.removeprefix(product) for one in library.of_repository(product)),
        "checks": {name: len(list(protection.of(resource_of(one)))) for name, one in environments.items()},
        "users": {name: len(library.permissions.of(bench.analytics.id, resource_of(one)).pipelines)
                  for name, one in environments.items()},
    }


@pytest.mark.parametrize("fault", [Fault("*", when="after"), Fault("*", status=0), Fault("*", status=503)],
                         ids=["reply lost", "request lost", "busy"])
def test_the_next_run_finishes_what_a_disturbed_one_began(ready: SetupBench, fault: Fault) -> None:
    disturbed = writes(ready)
    wanted = made(ready, "reference")
    assert wanted["checks"] == NEW_CHECKS
    for at in disturbed:
        product = f"p{at}x"
        ready.repository(product)
        ready.organisation.faults.add(Fault("*", when="late", times=at))
        ready.organisation.faults.add(fault)
        set_up(ready, product)
        ready.organisation.faults.clear()
        assert set_up(ready, product) == [0, 0], at
        assert made(ready, product) == wanted, at
