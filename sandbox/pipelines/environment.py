"""The environment of a step's programs, in the agent's order: a public variable beats the step's own `env:`.

See src/Agent.Worker/Handlers/Handler.cs of microsoft/azure-pipelines-agent.
"""
from __future__ import annotations

import os
from collections.abc import Mapping

from sandbox.pipelines.job_state import JobState
from sandbox.pipelines.orphans import LOOKUP_VARIABLE
from sandbox.pipelines.variables import environment_name


def environment_of(job: JobState, env: Mapping[str, str]) -> dict[str, str]:
    """`env` is expanded already. Secret variables are left out: only `env` brings them in."""
    public = sorted((entry for entry in job.variables if not entry.secret), key=lambda entry: "." in entry.name)
    environment = dict(job.run.request.environ) | dict(env)
    environment |= {environment_name(entry.name): entry.value for entry in public}
    environment["agent.jobstatus"] = job.variables.value("Agent.JobStatus")
    environment[LOOKUP_VARIABLE] = job.lookup_id
    before = environment.get("PATH", os.defpath)
    environment["PATH"] = os.pathsep.join([*reversed(job.path_prepends), before])
    return environment
