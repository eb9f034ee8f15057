"""The security namespaces: what can be allowed on which kind of object, as bits, and how its tokens nest.

Bits and tokens: https://learn.microsoft.com/azure/devops/organizations/security/namespace-reference.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Namespace:
    """`bits` by the name the service uses in its messages; `/` or another `separator` divides the levels of a token."""

    id: str
    name: str
    bits: dict[str, int]
    separator: str = "/"

    def levels(self, token: str) -> Iterator[str]:
        """`token` and every token it inherits from, nearest first."""
        while token:
            yield token
            token = token.rpartition(self.separator)[0]

    @property
    def everything(self) -> int:
        return sum(self.bits.values())


GIT = Namespace("2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87", "Git Repositories", {
    "Administer": 1, "GenericRead": 2, "GenericContribute": 4, "ForcePush": 8, "CreateBranch": 16, "CreateTag": 32,
    "ManageNote": 64, "PolicyExempt": 128, "CreateRepository": 256, "DeleteRepository": 512, "RenameRepository": 1024,
    "EditPolicies": 2048, "RemoveOthersLocks": 4096, "ManagePermissions": 8192, "PullRequestContribute": 16384,
    "PullRequestBypassPolicy": 32768})
BUILD = Namespace("33344d9c-fc72-4d6f-aba5-fa317101a7e9", "Build", {
    "ViewBuilds": 1, "EditBuildQuality": 2, "RetainIndefinitely": 4, "DeleteBuilds": 8, "ManageBuildQualities": 16,
    "DestroyBuilds": 32, "UpdateBuildInformation": 64, "QueueBuilds": 128, "ManageBuildQueue": 256, "StopBuilds": 512,
    "ViewBuildDefinition": 1024, "EditBuildDefinition": 2048, "DeleteBuildDefinition": 4096,
    "OverrideBuildCheckInValidation": 8192, "AdministerBuildPermissions": 16384, "CreateBuildDefinition": 32768,
    "EditPipelineQueueConfigurationPermission": 65536})
LIBRARY = Namespace("b7e84409-6553-448a-bbb2-af228e07cbeb", "Library", {
    "View": 1, "Administer": 2, "Create": 4, "ViewSecrets": 8, "Use": 16, "Owner": 32})
ENVIRONMENT = Namespace("83d4c2e6-e57d-4d6e-892b-b87222b7ad20", "Environment", {
    "View": 1, "Manage": 2, "ManageHistory": 4, "Administer": 8, "Use": 16, "Create": 32})
ENDPOINTS = Namespace("49b48001-ca20-4adc-8111-5b60c903a50c", "ServiceEndpoints", {
    "Use": 1, "Administer": 2, "Create": 4, "ViewAuthorization": 8, "ViewEndpoint": 16})
QUEUES = Namespace("101eae8c-1709-47f9-b228-0e476c35b3ba", "DistributedTask", {
    "View": 1, "Manage": 2, "Listen": 4, "AdministerPermissions": 8, "Use": 16, "Create": 32})
PROJECT = Namespace("52d39943-cb85-4d7f-8fa8-c6baac873819", "Project", {
    "GENERIC_READ": 1, "GENERIC_WRITE": 2, "DELETE": 4})
NAMESPACES = {one.id: one for one in (GIT, BUILD, LIBRARY, ENVIRONMENT, ENDPOINTS, QUEUES, PROJECT)}

# Who may change permissions on a token.
ADMINISTER = {GIT: "ManagePermissions", BUILD: "AdministerBuildPermissions", LIBRARY: "Administer",
              ENVIRONMENT: "Administer", ENDPOINTS: "Administer", QUEUES: "AdministerPermissions",
              PROJECT: "GENERIC_WRITE"}


def repository_token(project: str, repository: str = "", ref: str = "") -> str:
    """`repoV2/{project}/{repository}/refs/heads/{each part of the name in UTF-16LE as hex}`."""
    parts = ["repoV2", project, *([repository] if repository else [])]
    if ref.startswith("refs/heads/"):
        name = ref.removeprefix("refs/heads/").split("/")
        parts += ["refs", "heads", *(part.encode("utf-16-le").hex() for part in name)]
    elif ref:
        parts += ref.split("/")
    return "/".join(parts)


def build_token(project: str, definition: int = 0) -> str:
    return f"{project}/{definition}" if definition else project


def library_token(project: str, group: int = 0) -> str:
    return f"Library/{project}/VariableGroup/{group}" if group else f"Library/{project}"


def environment_token(project: str, environment: int = 0) -> str:
    return f"Environments/{project}/{environment}" if environment else f"Environments/{project}"


def endpoint_token(project: str, endpoint: str = "") -> str:
    return f"endpoints/{project}/{endpoint}" if endpoint else f"endpoints/{project}"


def queue_token(project: str, queue: int = 0) -> str:
    return f"AgentQueues/{project}/{queue}" if queue else f"AgentQueues/{project}"


def project_token(project: str) -> str:
    return f"$PROJECT:vstfs:///Classification/TeamProject/{project}"
