"""Brings the product's code into the workspace: a Git folder at exactly the commit of the run.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, REPOSITORY_NAME,
    REPOSITORY_URL, SOURCE_BRANCH (a branch or a tag), DRY_RUN, RUN_ID, SOURCE_COMMIT, REQUESTED_FOR, the credential of
    the environment; GIT_CREDENTIAL_TOKEN and GIT_CREDENTIAL_USERNAME if the workspace shall not sign in to Azure DevOps
    as the pipeline's own Entra principal.
Sets: gitFolder, its path; deploymentRecord, the path of the record; with DRY_RUN changes, how many wait.
Changes: the Git folder /Repos/<environment>/<repository>, in the cluster pipeline that of the person who committed; a
    git credential of the pipeline's principal.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.config.conventions import project_folder
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.connection import connect
from steps.lib.deployment.deployment import Deployment
from steps.lib.errors import InputError
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.repos.checkout import Checkout, Plan, checked
from steps.lib.repos.git_credential import Login, change_for
from steps.lib.repos.git_folder import find
from steps.lib.repos.refusals import LocalEdits, Overtaken, Wanted, overtaken
from steps.lib.repos.remote import Ref, clean_url, ref_of
from steps.lib.repos.remote_tip import Asker
from steps.lib.settings import Reader
from steps.lib.waiting import Waiting

STEP = "update_repo"
ME = "/api/2.0/preview/scim/v2/Me"
# The git state of a folder may lag behind an update for a moment.
READ_BACK_LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Settings:
    """`url` is the address of the product repository; `login` is None where none is configured."""

    pipeline_type: PipelineType
    deployment: Deployment
    repository: str
    url: str
    ref: Ref
    login: Login | None = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        pipeline_type = reader.choice("PIPELINE_TYPE", PipelineType)
        repository, url, branch = map(reader.text, ("REPOSITORY_NAME", "REPOSITORY_URL", "SOURCE_BRANCH"))
        login = Login.read(reader)
        return cls(pipeline_type, Deployment.read(reader), repository, clean_url(url), ref_of(branch), login)

    @property
    def path(self) -> str:
        deployment = self.deployment
        return project_folder(deployment.workspace.environment, self.repository, deployment.origin.requested_for)


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    work_for(settings.pipeline_type, WORK)(settings, environ, clock)


def of_jobs(settings: Settings, environ: Mapping[str, str], clock: Clock) -> None:
    """The folder of the environment, which nobody edits: it has to end at the commit of the run."""
    agent.set_output("gitFolder", settings.path)
    asker = Asker(settings.deployment.workspace, environ, settings.login, clock)
    with connect(settings.deployment.workspace, environ, clock) as databricks:
        _bring(databricks, settings, asker)


def of_cluster(settings: Settings, environ: Mapping[str, str], clock: Clock) -> None:
    """The folder of the person who committed, who may work in it just now: what is in the way there is a warning."""
    reason = own_folder_is_left(settings)
    if reason:
        agent.info(f"no Git folder is updated: {reason}")
        return
    try:
        of_jobs(settings, environ, clock)
    except (LocalEdits, Overtaken) as error:
        for line in error.lines:
            agent.warning(line)


WORK = {PipelineType.CLUSTER: of_cluster, PipelineType.JOBS: of_jobs}


def own_folder_is_left(settings: Settings) -> str:
    """Why the cluster pipeline does not touch the folder of a person; empty where it does."""
    if settings.login is None:
        group = settings.deployment.workspace.variable_group
        return f"no git credential is configured for it; whoever wants it sets gitCredentialToken in {group}"
    return "" if settings.deployment.origin.requested_for else "the run names nobody whose folder it could be"


def plan_for(databricks: Databricks, settings: Settings, asker: Asker) -> Plan:
    """An unchanged folder takes two requests; only what git has to do with asks for credentials.

    An Overtaken where it is known already that the folder would end at another commit than that of the run.
    """
    wanted = Wanted(settings.path, settings.url, settings.ref, settings.deployment.origin.commit)
    plan = Plan(wanted, checked(find(databricks, settings.path), wanted), None)
    if plan.is_done:
        return plan
    tip = asker.tip(settings.url, settings.ref)
    if tip and tip != wanted.commit:
        raise overtaken(wanted, tip)
    me = databricks.get(ME)
    named = Wanted(wanted.path, wanted.url, wanted.ref, wanted.commit, str(me.get("userName", "")))
    return Plan(named, plan.present, change_for(databricks, settings.login, me))


def _bring(databricks: Databricks, settings: Settings, asker: Asker) -> None:
    deployment = settings.deployment
    if "/" in settings.repository:
        message = f"environment: REPOSITORY_NAME: got {settings.repository!r}, expected a name without '/'"
        raise InputError([message])
    plan = plan_for(databricks, settings, asker)
    deployment.show_plan(plan.lines)
    with deployment.record(asker.clock).entry(STEP, databricks.host, plan.lines) as entry:
        if deployment.dry_run:
            entry.result = deployment.planned(plan.count)
            return
        if plan.count:
            Checkout(databricks, plan, settings.login, Waiting(asker.clock, READ_BACK_LIMIT_SECONDS)).run()
        entry.result = "applied" if plan.count else "unchanged"
    agent.info(f"Git folder {settings.path} is at {plan.wanted.commit[:12]}, {plan.wanted.ref}")


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
