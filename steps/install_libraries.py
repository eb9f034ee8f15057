"""Brings the libraries of the cluster to the generated list: installs new ones, removes others, waits for the result.

A removed library stays on a running cluster until its restart, and with it blocks another version of its package. The
step says so and restarts nothing: people are working.

Reads: TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, CLUSTER_ID, DRY_RUN, RUN_ID,
    SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; libraries.json of the generated files.
Sets: deploymentRecord, the path of the record; with DRY_RUN changes, the number of changes that wait.
Changes: the libraries of the cluster CLUSTER_ID, apart from those that an admin put on all clusters.
"""
from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.cluster import clusters
from steps.lib.config.product import CLUSTER_FILE
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.connection import connect
from steps.lib.databricks.errors import BadRequest, ResourceDoesNotExist
from steps.lib.deployment.cluster_settings import ClusterSettings as Settings
from steps.lib.deployment.deployment import Deployment
from steps.lib.deployment.origins import place_of_library
from steps.lib.errors import InputError, ServiceError
from steps.lib.findings import Finding
from steps.lib.libraries.plan import (
    Library,
    LibraryEntry,
    LibraryPlan,
    Outcome,
    Status,
    outcome,
    plan,
    statuses_of,
    worded,
)
from steps.lib.waiting import Waiting
from steps.lib.wording import counted, cut, summed

STEP = "install_libraries"
INSTALL, UNINSTALL, STATUS = (f"/api/2.0/libraries/{verb}" for verb in ("install", "uninstall", "cluster-status"))
INSTALL_LIMIT_SECONDS = 20 * 60.0
# A library that had failed and is installed again may show its old failure for a moment.
STALE_FAILURE_SECONDS = 10.0


def plan_lines(todo: LibraryPlan, unchanged: int) -> list[str]:
    blocked = {worded(entry) for entry in todo.blocked}
    counts = {"to install": len(todo.install), "to uninstall": len(todo.uninstall), "unchanged": unchanged}
    return [
        f"edit: libraries: {summed(counts)}" if todo.changes else f"unchanged: {_libraries(unchanged)}",
        *(f"  uninstall {worded(entry)}" for entry in todo.uninstall),
        *(f"  install {worded(entry)}{' (waits for a restart)' if worded(entry) in blocked else ''}"
          for entry in todo.install),
        *(f"  {worded(entry)} was removed and leaves at the next restart" for entry in todo.leaving),
    ]


def failure(failed: Sequence[Status], deployment: Deployment) -> ServiceError:
    """One line for each library that could not be installed, with what the library itself says."""
    return ServiceError(*(
        f"{place_of_library(status.entry, deployment)}: {worded(status.entry)}: could not be installed: "
        f"{cut(' '.join(status.messages)) or 'the workspace gave no reason'!r}; correct the entry, or restart the "
        "cluster to try it again" for status in failed))


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    deployment, cluster_id = settings.deployment, settings.cluster_id
    desired = deployment.generated_file("libraries.json").get("libraries", [])
    with connect(deployment.workspace, environ, clock) as databricks:
        statuses = _statuses(databricks, cluster_id)
        todo = plan(desired, statuses)
        lines = plan_lines(todo, len(desired) - len(todo.install))
        deployment.show_plan(lines)
        with deployment.record(clock).entry(STEP, databricks.host, lines) as entry:
            if deployment.dry_run:
                entry.result = deployment.planned(todo.changes)
                return
            end = outcome(desired, statuses)
            if todo.changes or end.unfinished:
                _apply(databricks, str(cluster_id), todo)
                end = _wait(databricks, str(cluster_id), desired, todo.retried, Waiting(clock, INSTALL_LIMIT_SECONDS))
            if end.failed:
                raise failure(end.failed, deployment)
            entry.result = "applied" if todo.changes else "unchanged"
    _report(end, todo)


def _libraries(count: int) -> str:
    return counted(count, "library", "libraries")


def _statuses(databricks: Databricks, cluster_id: str | None) -> list[Status]:
    return statuses_of(databricks.rows(STATUS, "library_statuses", {"cluster_id": cluster_id})) if cluster_id else []


def _apply(databricks: Databricks, cluster_id: str, todo: LibraryPlan) -> None:
    """Removals first: another version of a package can come only after the old one was told to go."""
    for url, entries in ((UNINSTALL, todo.uninstall), (INSTALL, todo.install)):
        if not entries:
            continue
        agent.info(f"{url.rpartition('/')[2]} {_libraries(len(entries))} on cluster {cluster_id}")
        try:
            databricks.post(url, {"cluster_id": cluster_id, "libraries": entries}, repeatable=True)
        except (BadRequest, ResourceDoesNotExist) as error:
            problem = f"the workspace refused the list: {error.message!r}"
            raise InputError([Finding(CLUSTER_FILE, path="libraries", problem=problem)]) from error


def _wait(databricks: Databricks, cluster_id: str, desired: Sequence[LibraryEntry], retried: Collection[Library],
          waiting: Waiting) -> Outcome:
    """Until each library is installed, has failed or waits for a restart."""
    shown = ""
    while True:
        end = outcome(desired, _statuses(databricks, cluster_id))
        progress = f"{len(end.ready)} of {len(desired)} installed"
        if progress != shown:
            shown = progress
            agent.info(f"  {waiting.seconds:5.0f} s  {progress}")
        is_stale = waiting.seconds < STALE_FAILURE_SECONDS and any(one.library in retried for one in end.failed)
        is_settled = not end.unfinished and not is_stale
        if is_settled or not _comes_up(databricks, cluster_id):
            return end
        if not waiting.pause():
            names = ", ".join(map(worded, end.unfinished))
            message = (f"cluster {cluster_id}: not installed after {waiting.limit:.0f} s: {names}; "
                       "look at the libraries of the cluster in the workspace")
            raise ServiceError(message)


def _comes_up(databricks: Databricks, cluster_id: str) -> bool:
    """A stopped cluster keeps its libraries PENDING until somebody starts it: waiting would be in vain."""
    cluster = clusters.read(databricks, cluster_id)
    return cluster.is_usable or cluster.state in ("PENDING", "RESTARTING")


def _report(end: Outcome, todo: LibraryPlan) -> None:
    for entry in todo.uninstall:
        if entry in end.leaving:
            agent.info(f"library {worded(entry)} is removed, and stays until the cluster is restarted")
    for entry in end.waiting:
        agent.warning(f"library {worded(entry)} waits for a restart of the cluster, for another version or a removal "
                      "of it is still in force; restart the cluster when nobody is working")
    for entry in end.unfinished:
        agent.warning(f"library {worded(entry)} is installed when the cluster is started; it is stopped now")
    agent.info("libraries: " + summed({"installed": len(end.ready), "to be installed": len(end.unfinished),
                                       "coming at the next restart": len(end.waiting),
                                       "leaving at the next restart": len(end.leaving)}))


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
