"""The variables every run has before anyone sets one.

https://learn.microsoft.com/azure/devops/pipelines/build/variables. `compile_time` has those that `${{ }}` may read.
"""
from __future__ import annotations

import platform
import uuid
from collections.abc import Mapping

from sandbox.pipelines.commit_details import commit_details
from sandbox.pipelines.folders import AgentFolders
from sandbox.pipelines.request import RunRequest

AGENT_VERSION = "4.0.0"
_OPERATING_SYSTEMS = {"Linux": "Linux", "Darwin": "Darwin"}
_MACHINES = {"x86_64": "X64", "amd64": "X64", "aarch64": "ARM64", "arm64": "ARM64"}


def compile_time(request: RunRequest) -> dict[str, str]:
    """What is known when a run is queued; a queue variable of the same name goes first."""
    ref = request.commit.ref
    known = {
        "Build.DefinitionName": request.definition_name,
        "Build.QueuedBy": request.requested_for.name,
        "Build.QueuedById": _identifier(request.requested_for.email),
        "Build.Reason": request.reason,
        "Build.RequestedFor": request.requested_for.name,
        "Build.RequestedForEmail": request.requested_for.email,
        "Build.RequestedForId": _identifier(request.requested_for.email),
        "Build.SourceBranch": ref,
        "Build.SourceBranchName": branch_name(ref),
        "Build.SourceVersion": request.commit.sha,
        "System.CollectionId": _identifier(request.collection_uri),
        "System.CollectionUri": request.collection_uri,
        "System.DefinitionId": str(request.definition_id),
        "System.HostType": "build",
        "System.PullRequest.IsFork": "False",
        "System.TeamProject": request.project,
    }
    given = {name.casefold(): variable.value for name, variable in request.variables.items() if not variable.secret}
    return {name: given.get(name.casefold(), value) for name, value in known.items()}


def run_time(request: RunRequest) -> dict[str, str]:
    """What steps can read besides: none of it is there for `${{ }}`."""
    repository = request.commit.repository.rpartition("/")[2]
    return compile_time(request) | commit_details(request.repositories, request.commit) | {
        "Build.BuildId": str(request.build_id),
        "Build.BuildUri": f"vstfs:///Build/Build/{request.build_id}",
        "Build.DefinitionVersion": "1",
        "Build.Repository.Clean": "False",
        "Build.Repository.Git.SubmoduleCheckout": "False",
        "Build.Repository.ID": request.repository_id or _identifier(repository),
        "Build.Repository.Name": repository,
        "Build.Repository.Provider": "TfsGit",
        "Build.Repository.Uri": f"{request.collection_uri.rstrip('/')}/{request.project}/_git/{repository}",
        "System.TeamFoundationCollectionUri": request.collection_uri,
        "System": "build",
        "System.PlanId": request.plan_id or _identifier(f"run {request.build_id}"),
        "System.TeamProjectId": request.project_id or _identifier(request.project),
        "TF_BUILD": "True",
    }


def of_plan(request: RunRequest, job: str) -> dict[str, str]:
    """Where the job with this id asks for tokens of service connections."""
    known = run_time(request)
    plan = f"hubs/{known['System.HostType']}/plans/{known['System.PlanId']}"
    scope = f"{request.collection_uri}{known['System.TeamProjectId']}"
    return {"System.OidcRequestUri": f"{scope}/_apis/distributedtask/{plan}/jobs/{job}/oidctoken"}


def of_job(folders: AgentFolders, names: Mapping[str, str]) -> dict[str, str]:
    """What an agent adds for its job. `names` has `stage`, `stage_display`, `job`, `job_display` and `phase`."""
    machine = platform.machine().lower()
    return {
        "Agent.BuildDirectory": str(folders.build),
        "Agent.HomeDirectory": str(folders.work),
        "Agent.Id": "1",
        "Agent.JobName": names["job_display"],
        "Agent.JobStatus": "Succeeded",
        "Agent.MachineName": "sandbox",
        "Agent.Name": "sandbox",
        "Agent.OS": _OPERATING_SYSTEMS.get(platform.system(), platform.system()),
        "Agent.OSArchitecture": _MACHINES.get(machine, machine.upper()),
        "Agent.RootDirectory": str(folders.work),
        "Agent.TempDirectory": str(folders.temp),
        "Agent.ToolsDirectory": str(folders.tools),
        "Agent.Version": AGENT_VERSION,
        "Agent.WorkFolder": str(folders.work),
        "Build.ArtifactStagingDirectory": str(folders.staging),
        "Build.BinariesDirectory": str(folders.binaries),
        "Build.Repository.LocalPath": str(folders.sources),
        "Build.SourcesDirectory": str(folders.sources),
        "Build.StagingDirectory": str(folders.staging),
        "Common.TestResultsDirectory": str(folders.test_results),
        "Pipeline.Workspace": str(folders.build),
        "System.ArtifactsDirectory": str(folders.staging),
        "System.DefaultWorkingDirectory": str(folders.sources),
        "System.JobAttempt": "1",
        "System.JobId": _identifier(f"{names['stage']} {names['job']} {folders.work}"),
        "System.JobDisplayName": names["job_display"],
        "System.JobName": names["job"],
        "System.PhaseAttempt": "1",
        "System.PhaseDisplayName": names["job_display"],
        "System.PhaseName": names["phase"],
        "System.StageAttempt": "1",
        "System.StageDisplayName": names["stage_display"],
        "System.StageName": names["stage"],
    }


def _identifier(text: str) -> str:
    """A stable GUID, where the service has one that means nothing to anyone."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def branch_name(ref: str) -> str:
    """The last part of a ref, as Build.SourceBranchName has it: only `model` for refs/heads/feature/model."""
    return ref.rpartition("/")[2]
