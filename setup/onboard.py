"""Sets many product repositories up side by side, and goes on where an earlier run of it ended.

    python -m setup.onboard --repositories FILE [--parallel N]

Reads: FILE (setup/onboard.example.json shows one), `FILE.progress.json` beside it, and a credential of Azure DevOps in
    the environment (docs/authentication.md).
Changes: in each repository what copy_files and create_pipelines change; `FILE.progress.json`. What failed is tried
    again by the next run, and so is everything after a new release; delete the file to look at all of them again.
"""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setup.lib.bulk.bar import Bar
from setup.lib.bulk.inputs import Wish, read_bulk_inputs
from setup.lib.bulk.onboarding import Onboarding
from setup.lib.bulk.one_at_a_time import held
from setup.lib.bulk.progress import Outcome, Progress, progress_file
from setup.lib.pipelines.creation import Creation
from setup.lib.release import newest_of
from steps.lib import agent
from steps.lib.azure_devops.connection import connect
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.errors import ServiceError
from steps.lib.wording import aligned, counted

PARALLEL = 8
_MOST = 16
TEAMS = Path(__file__).parents[1] / "teams"


def onboard(environ: Mapping[str, str], file: Path, *, parallel: int, clock: Clock = SYSTEM_CLOCK) -> None:
    inputs = read_bulk_inputs(file, TEAMS)
    with held(progress_file(file)), connect(inputs.organization_url, environ, clock) as azure_devops:
        progress = Progress(progress_file(file), inputs.library)
        release = newest_of(azure_devops, inputs.cicd_project, inputs.cicd_repository, inputs.cicd_place)
        wishes = [one for one in inputs.wishes if not progress.is_done(one, release.pinned)]
        agent.info(f"{counted(len(inputs.wishes), 'repository', 'repositories')}, of which "
                   f"{len(inputs.wishes) - len(wishes)} are done already; release {release.pinned}")
        onboarding = Onboarding(azure_devops, inputs, Creation(azure_devops, release), TEAMS)
        outcomes = _run_all(onboarding, wishes, progress, Bar(len(wishes), sys.stderr, clock), parallel)
    _finish(wishes, outcomes)


def _run_all(onboarding: Onboarding, wishes: Sequence[Wish], progress: Progress, bar: Bar,
             parallel: int) -> list[Outcome]:
    """The outcome of each wish, in their order. What is interrupted is in no outcome, and done by the next run."""
    def run(wish: Wish) -> Outcome:
        outcome = onboarding.run(wish)
        progress.put(wish, outcome)
        bar.advance(wish.key, failed=outcome.result != "done")
        return outcome

    pool = ThreadPoolExecutor(max_workers=parallel)
    try:
        return list(pool.map(run, wishes))
    finally:
        # After Ctrl-C: end what is under way, begin nothing more.
        pool.shutdown(cancel_futures=True)
        bar.close()


def _finish(wishes: Sequence[Wish], outcomes: Sequence[Outcome]) -> None:
    for line in aligned([("result", "repository", "what"), *(
            (outcome.result, wish.key, outcome.summary) for wish, outcome in zip(wishes, outcomes, strict=True))]):
        agent.info(line)
    failed = sum(outcome.result != "done" for outcome in outcomes)
    agent.info(f"{len(outcomes) - failed} done, {failed} failed")
    if failed:
        message = (f"{counted(failed, 'repository', 'repositories')} failed; correct what the table says and run it "
                   "again")
        raise ServiceError(message)


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    assert __doc__ is not None  # noqa: S101 - above
    parser = argparse.ArgumentParser(prog="python -m setup.onboard", description=__doc__.partition("\n")[0])
    parser.add_argument("--repositories", type=Path, required=True, metavar="FILE", help="which, as JSON")
    parser.add_argument("--parallel", type=int, default=PARALLEL, choices=range(1, _MOST + 1), metavar="N",
                        help=f"how many at once, 1 to {_MOST} (default: {PARALLEL})")
    chosen = parser.parse_args(arguments)
    return agent.run_at_terminal(
        lambda given: onboard(given, chosen.repositories, parallel=chosen.parallel), environ)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
