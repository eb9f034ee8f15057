"""Which tasks the engine has, and the inputs of each it models. Anything else is refused before a run starts."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CHECKOUT = "6d15af64-176c-496d-b583-fd2ae21d4df4@1"
DOWNLOAD = "30f35852-3f7e-4c0c-9a88-e127b4f97211@1"
PUBLISH = "ecdc45f6-832d-4ad9-b52b-ee49e94659be@1"

_NAMES_OF_BUILT_IN = {CHECKOUT: "checkout", DOWNLOAD: "download", PUBLISH: "PublishPipelineArtifact@1"}
_ARTIFACT_TARGET = {"targetpath": "path", "path": "path", "downloadpath": "path"}


@dataclass(frozen=True)
class TaskKind:
    """`inputs` map each spelling of an input, in lower case, to the one name the engine uses.

    A task `on_server` runs in jobs without an agent (`pool: server`), and only there. `required` inputs have to be
    given, if only as ''.
    """

    label: str
    inputs: Mapping[str, str]
    on_server: bool = False
    required: Sequence[str] = ()

    def takes(self, name: str) -> bool:
        return name.lower() in self.inputs

    def inputs_of(self, given: Mapping[str, str]) -> dict[str, str]:
        """The inputs under the engine's names."""
        return {self.inputs[name.lower()]: value for name, value in given.items()}


def _same(*names: str) -> dict[str, str]:
    return {name.lower(): name.lower() for name in names}


TASKS: Mapping[str, TaskKind] = {
    "checkout": TaskKind("Checkout", _same(
        "repository", "clean", "fetchDepth", "fetchTags", "path", "persistCredentials", "lfs", "submodules",
        "workspaceRepo")),
    "Bash@3": TaskKind("Bash", _same(
        "targetType", "script", "filePath", "arguments", "workingDirectory", "failOnStderr", "bashEnvValue")),
    "CmdLine@2": TaskKind("CmdLine", _same("script", "workingDirectory", "failOnStderr")),
    "UsePythonVersion@0": TaskKind("Use Python", _same("versionSpec", "addToPath", "architecture", "disableDownload")),
    "PublishPipelineArtifact@1": TaskKind("Publish pipeline artifact", {
        "targetpath": "path", "path": "path", "artifact": "artifact", "artifactname": "artifact",
        "publishlocation": "publishlocation", "artifacttype": "publishlocation"}),
    "download": TaskKind("Download pipeline artifact", {
        "alias": "alias", "artifact": "artifact", "patterns": "patterns", **_ARTIFACT_TARGET}),
    "DownloadPipelineArtifact@2": TaskKind("Download pipeline artifact", {
        "source": "source", "buildtype": "source", "artifact": "artifact", "artifactname": "artifact",
        "patterns": "patterns", "itempattern": "patterns", **_ARTIFACT_TARGET}),
    "PublishTestResults@2": TaskKind("Publish test results", _same(
        "testResultsFormat", "testResultsFiles", "searchFolder", "mergeTestResults", "failTaskOnFailedTests",
        "testRunTitle", "publishRunAttachments", "failTaskOnMissingResultsFile")),
    "Cache@2": TaskKind("Cache", _same("key", "path", "restoreKeys", "cacheHitVar")),
    "ManualValidation@1": TaskKind("Manual validation", _same(
        "notifyUsers", "approvers", "instructions", "onTimeout", "allowApproversToApproveTheirOwnRuns",
    ), on_server=True, required=["notifyUsers"]),
}

_BY_LOWER = {name.lower(): name for name in TASKS}


def canonical_task(name: str) -> str:
    """The engine's spelling of a task; what the keywords `checkout`, `download` and `publish` become has no name."""
    known = _NAMES_OF_BUILT_IN.get(name.lower(), name)
    return _BY_LOWER.get(known.lower(), known)


def find_task(name: str) -> TaskKind | None:
    return TASKS.get(name)


def default_display_name(name: str, inputs: Mapping[str, str]) -> str:
    task = TASKS.get(name)
    if name == "checkout":
        return f"Checkout {inputs.get('repository', 'self')}"
    return task.label if task else name
