"""Runs the product's own checks, `make lint` and `make test`, without any credential; both must be good to go on.

Reads: PRODUCT_DIRECTORY, TEST_RESULTS_DIRECTORY.
Sets: nothing.
Changes: writes JUnit files, TEST-*.xml, in TEST_RESULTS_DIRECTORY: one of the targets, and what pytest reports if the
    product uses it.
"""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.code_checks.junit_report import Case, write_report
from steps.lib.code_checks.makefile import Makefile, environment_of_product
from steps.lib.errors import InputError
from steps.lib.settings import Reader

TARGETS = ("lint", "test")


@dataclass(frozen=True)
class Settings:
    product: Path
    results: Path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(reader.path("PRODUCT_DIRECTORY"), reader.path("TEST_RESULTS_DIRECTORY"))
        reader.check()
        return settings


def problems(cases: Sequence[Case], makefile: str) -> list[str]:
    return [f"{makefile}: {case.name!r} failed with {case.failure.partition(':')[0]}, expected 0; correct what the "
            "lines above say, and try it in your clone" for case in cases if case.failure]


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    makefile = Makefile.of(settings.product)
    settings.results.mkdir(parents=True, exist_ok=True)
    report = settings.results.resolve() / "TEST-product.xml"
    # pytest adds these to its own arguments: https://docs.pytest.org/en/stable/reference/customize.html.
    own = {**environment_of_product(environ), "PYTEST_ADDOPTS": f'--junitxml="{report}"'}
    cases = [_case(makefile, target, own, clock) for target in TARGETS]
    write_report(settings.results / "TEST-make.xml", "make", cases)
    failed = problems(cases, makefile.path.name if makefile else "Makefile")
    if failed:
        raise InputError(failed)
    for case in cases:
        agent.info(f"{case.name}: {case.skipped or 'good'}")


def _case(makefile: Makefile | None, target: str, environ: Mapping[str, str], clock: Clock) -> Case:
    if makefile is None:
        return Case(f"make {target}", 0, skipped="not run, the product has no Makefile")
    if not makefile.has(target):
        return Case(f"make {target}", 0, skipped=f"not run, {makefile.path.name} has no target {target!r}")
    return makefile.run(target, environ, clock)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
