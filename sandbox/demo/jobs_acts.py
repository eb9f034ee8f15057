"""The second half of the story: merged code becomes jobs in three environments."""
from __future__ import annotations

import json
import time

from sandbox.demo.merge import merge_by_pull_request
from sandbox.demo.stage import BRANCH, RUN_SECONDS, Stage, StoryError, expect
from sandbox.display.jobs_view import job_lines, jobs_of
from sandbox.display.organisation_view import OrganisationView
from sandbox.display.runs_view import RunsView, Waiting
from sandbox.world.furnish import PRODUCT
from sandbox.world.people import ANNA, BEN

PIPELINE = f"{PRODUCT}-jobs"
JOBS = 3
_POLL_SECONDS = 0.1


def the_branch_is_merged(stage: Stage) -> None:
    """Anna mends her mistakes and merges the branch, on which three jobs are asked for"""
    stage.clone.git("revert", "--no-edit", "HEAD")
    # Nothing of the cluster changes: this run would only say so.
    stage.clone.git("commit", "--quiet", "--amend", "--message", "Take the mistakes back [skip ci]")
    stage.clone.git("push", "--quiet", "origin", BRANCH)
    jobs = json.loads((stage.clone.folder / "jobs_config.json").read_text(encoding="utf-8"))["jobs"]
    expect(len(jobs) == JOBS, f"expected {JOBS} jobs in jobs_config.json, found {len(jobs)}")
    for job in jobs:
        size = job["new_cluster"] if isinstance(job["new_cluster"], str) else "one of its own size"
        cluster = "the shared one" if job["new_cluster"] is None else size
        stage.show(f"    {job['notebook']}: {job['cluster_type']}; cluster: {cluster}; "
                   f"libraries: {job['libraries'] or 'those of the cluster'}")
    merge_by_pull_request(stage, "A first model")


def jobs_reach_dev_and_test(stage: Stage) -> None:
    """Anna runs Deploy jobs: dev, then test; prod waits for somebody else"""
    stage.show(f"In Azure DevOps: Pipelines > {PIPELINE} > Run pipeline, with all stages.")
    stage.show("")
    rest = stage.rest(ANNA)
    OrganisationView(rest.url, rest.project, rest.token).start(PIPELINE, {})
    waiting = await_approval(stage)
    for environment in ("dev", "test"):
        found = len(jobs_of(stage.views[environment]))
        expect(found == JOBS, f"expected {JOBS} jobs in {environment}, found {found}")
        show_jobs(stage, environment)
    expect(jobs_of(stage.views["prod"]) == [], "expected no job in prod before its approval")
    stage.show(f"{waiting}. The plan is on the summary page of the run.")
    stage.show("")


def ben_approves_prod(stage: Stage) -> None:
    """Ben reads the plan and approves; prod follows, and what the branch has left behind is cleaned up"""
    cluster = stage.cluster()["cluster_id"]
    RunsView(stage.rest(BEN)).decide(None, approved=True, comment="as planned")
    stage.await_runs()
    [run] = [one for one in stage.world.organisation.runs.runs() if one.order.pipeline.name == PIPELINE]
    expect(run.outcome == "succeeded", f"expected run {run.id} to have succeeded, it {run.outcome}")
    scheduled = [job["name"] for job in jobs_of(stage.views["prod"]) if "schedule" in job]
    expect(len(scheduled) == 1, f"expected one job of prod to have a schedule, found {scheduled}")
    show_jobs(stage, "prod")
    branches = stage.clone.git("ls-remote", "--heads", "origin", BRANCH)
    expect(not branches, f"expected {BRANCH} to be deleted, it is there")
    expect(stage.view.cluster_of(BRANCH) is None, f"expected the cluster of {BRANCH} to be deleted, it is there")
    stage.show(f"Branch {BRANCH} and its cluster {cluster} are gone.")
    stage.show("")


def await_approval(stage: Stage) -> Waiting:
    """What the run that goes on waits for; a StoryError where it ends before."""
    view, deadline = RunsView(stage.rest(BEN)), time.monotonic() + RUN_SECONDS
    while not (found := view.waiting()):
        if time.monotonic() > deadline or stage.world.organisation.runs.wait(_POLL_SECONDS):
            message = f"the run of {PIPELINE} came to no approval"
            raise StoryError(message)
    return found[0]


def show_jobs(stage: Stage, environment: str) -> None:
    stage.show(f"What the workspace of {environment} shows now:")
    for line in job_lines(stage.views[environment]):
        stage.show(f"    {line}")
    stage.show("")


JOBS_ACTS = (the_branch_is_merged, jobs_reach_dev_and_test, ben_approves_prod)
