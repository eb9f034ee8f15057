"""Lets only commits through that were merged: a release tag has to be on the default branch, like everything deployed.

Reads: SOURCE_BRANCH, the full ref of the run; SOURCE_COMMIT; REPOSITORY_URL; SYSTEM_ACCESSTOKEN, the token of the job,
    which reads the repository that the run has checked out.
Sets: nothing.
Changes: nothing.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.azure_devops.connection import connect as connect_azure_devops
from steps.lib.azure_devops.credentials import JOB_TOKEN_SWITCH
from steps.lib.azure_devops.repositories import BRANCHES, repository
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.errors import InputError
from steps.lib.repos.merged import check_merged
from steps.lib.repos.remote import clean_url
from steps.lib.repos.remote_tip import RemoteRepository, remote_repository
from steps.lib.settings import Reader

# The job's token, and nothing that the variables of an environment hold: it always reads what the run has checked out.
_TOKEN = "SYSTEM_ACCESSTOKEN"  # noqa: S105 - the name of a variable
_TAKEN = (_TOKEN, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Settings:
    source: str
    commit: str
    url: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        source, commit, url, _ = map(reader.text, ("SOURCE_BRANCH", "SOURCE_COMMIT", "REPOSITORY_URL", _TOKEN))
        reader.check()
        return cls(source, commit, url)

    @property
    def remote(self) -> RemoteRepository:
        found = remote_repository(clean_url(self.url))
        if found is None:
            message = (f"environment: REPOSITORY_URL: got {clean_url(self.url)!r}, expected that of a repository of "
                       "Azure DevOps, which says what was merged")
            raise InputError([message])
        return found


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    remote = settings.remote
    chosen = {name: environ[name] for name in _TAKEN if name in environ} | {JOB_TOKEN_SWITCH: "true"}
    with connect_azure_devops(remote.organization, chosen, clock) as devops:
        where = repository(devops, remote.project, remote.name)
        branch = check_merged(devops, where, settings.source, settings.commit)
    agent.info(f"{settings.source} at {settings.commit[:12]} was merged: it is on {branch.removeprefix(BRANCHES)!r}")


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
