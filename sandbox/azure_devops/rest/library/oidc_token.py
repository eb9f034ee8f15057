"""Tokens by which a job signs in to Entra as a service connection, without a secret.

A job asks at its SYSTEM_OIDCREQUESTURI with its own token: `azure.identity.AzurePipelinesCredential`. Without a
connection the token stands for the pipeline itself, which is what Databricks federates with:
https://learn.microsoft.com/azure/databricks/dev-tools/auth/provider-azure-devops.
"""
from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.azure_devops.checks.protection import Approval, ExclusiveLock
from sandbox.azure_devops.endpoints.federation import issuer, subject
from sandbox.azure_devops.endpoints.service_endpoints import ServiceEndpoint
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import RestError
from sandbox.azure_devops.runs.live_jobs import LiveJob
from sandbox.errors import SandboxError

_HUB = "build"


def routes() -> Routes:
    job = "{project}/_apis/distributedtask/hubs/{hub}/plans/{plan}/jobs/{job}"
    return [("POST", f"{job}/oidctoken", _token)]


def _token(call: Call) -> dict[str, Any]:
    project, job = call.project(), _own_job(call)
    wanted = call.query("serviceConnectionId")
    names = call.organisation.names.organisation, project.name
    if wanted is None:
        known = project.library.pipeline(job.pipeline)
        pipeline = known.name if known else ""
        who = f"p://{names[0]}/{names[1]}/{pipeline}"
    else:
        endpoint = _usable(call, project, job, wanted)
        who = subject(*names, endpoint.names[project.id])
    try:
        return {"oidcToken": call.organisation.issue_token(issuer(call.organisation.id), who)}
    except SandboxError as error:
        raise RestError(400, "InvalidOperationException", str(error)) from error


def _own_job(call: Call) -> LiveJob:
    """The job that the route names, if it is that job who asks."""
    job = call.organisation.work.jobs.of_request(call.request)
    named = [call.argument(name).casefold() for name in ("hub", "plan", "job")]
    if job is None or named != [_HUB, job.plan, job.facts.id] or job.project != call.project().id:
        message = (f"VS30063: You are not authorized to access this job: {call.member.display_name} does not ask with "
                   "the token of the job itself.")
        raise RestError(403, "AccessDeniedException", message)
    return job


def _usable(call: Call, project: Project, job: LiveJob, wanted: str) -> ServiceEndpoint:
    """The connection, where the pipeline is authorised for it and the stage of the job passed its checks."""
    organisation = call.organisation
    endpoint = organisation.endpoints.get(wanted)
    resource = endpoint.resource(project.id) if endpoint and project.id in endpoint.names else None
    permissions = project.library.permissions
    if endpoint is None or resource is None or not permissions.allows(project.id, resource, job.pipeline):
        message = (f"The service connection {wanted} does not exist, has been disabled or has not been authorized for "
                   "use. For authorization details, refer to https://aka.ms/yamlauthz.")
        raise RestError(404, "ServiceEndpointNotFoundException", message)
    if not endpoint.is_federated:
        message = f"The service connection {resource.name} does not use workload identity federation."
        raise RestError(400, "InvalidOperationException", message)
    _check(call, project, job, endpoint)
    return endpoint


def _check(call: Call, project: Project, job: LiveJob, endpoint: ServiceEndpoint) -> None:
    """No step of this engine names a connection, so nobody could approve or lock one before the stage began."""
    checkpoint, resource = call.organisation.checkpoint, endpoint.resource(project.id)
    find = partial(call.organisation.resource, project)
    waits = any(isinstance(one, (Approval, ExclusiveLock)) for one in checkpoint.protection.of(resource))
    refusals = checkpoint.refusals(find, resource, job.entry) if job.entry else ["its stage asked no checks"]
    if waits:
        refusals.append("its approvals and locks are asked for before a stage begins, and this stage did not")
    if refusals:
        message = f"A check of the service connection {resource.name} failed: {'; '.join(refusals)}."
        raise RestError(403, "AccessDeniedException", message)
