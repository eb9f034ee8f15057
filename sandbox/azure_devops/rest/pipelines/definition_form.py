"""What a client posts as a build definition, read into a pipeline: only YAML definitions of this organisation's git."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project, RepositoryRecord
from sandbox.azure_devops.rest.errors import bad_request, needed, no_queue, no_repository
from sandbox.azure_devops.rest.shapes import mapping, mappings, rows

YAML_PROCESS = 2
_KEPT = ("description", "variables", "variableGroups", "triggers", "tags", "options", "properties", "demands",
         "jobTimeoutInMinutes", "jobCancelTimeoutInMinutes", "badgeEnabled", "queueStatus", "buildNumberFormat",
         "dropLocation", "comment", "processParameters", "retentionRules", "latestBuild")
_QUEUE_STATUS = ("enabled", "paused", "disabled")
_LONGEST_NAME = 260


def read_definition(data: Mapping[str, Any], project: Project, known: Pipeline | None = None) -> Pipeline:
    """The pipeline that `data` describes, as a change of `known` where that is given. Refused what is no such thing."""
    name = str(data.get("name") or "").strip()
    if not name:
        raise needed(parameter="definition.Name")
    if len(name) > _LONGEST_NAME or any(char in name for char in '"/:<>\\|?@*'):
        message = f"The build pipeline name {name!r} is not valid."
        raise bad_request(message, "InvalidDefinitionException")
    repository = _repository(data.get("repository"), project)
    asked = data.get("repository") or {}
    made = known or Pipeline(0, name, repository.name, "")
    return replace(
        made, name=name, repository=repository.name, yaml_path=_yaml_path(data.get("process")),
        folder=folder_of(data.get("path")), default_branch=_branch(asked.get("defaultBranch")),
        document={**made.document, **_kept(data, made), "queue": _queue(data.get("queue"), project, made)},
    )


def folder_of(text: object) -> str:
    """A folder as the service writes it, with a leading backslash."""
    parts = [part for part in str(text or "").replace("/", "\\").split("\\") if part]
    return "\\" + "\\".join(parts)


def _repository(asked: object, project: Project) -> RepositoryRecord:
    if not isinstance(asked, dict):
        raise needed(parameter="definition.Repository")
    kind = str(asked.get("type") or "")
    if kind.casefold() != "tfsgit":
        message = f"The repository type {kind!r} is not modelled by this organisation, only TfsGit is."
        raise bad_request(message, "InvalidDefinitionException")
    wanted = str(asked.get("id") or asked.get("name") or "")
    found = project.repositories.record(wanted) if wanted else None
    if found is None:
        raise no_repository(wanted)
    return found


def _yaml_path(process: object) -> str:
    if not isinstance(process, dict):
        raise needed(parameter="definition.Process")
    if process.get("type", YAML_PROCESS) != YAML_PROCESS:
        message = "Creation of classic build pipelines is disabled: only a YAML process (type 2) is modelled."
        raise bad_request(message, "InvalidDefinitionException")
    path = str(process.get("yamlFilename") or "").strip()
    if not path:
        raise needed(parameter="definition.Process.YamlFilename")
    return path.lstrip("/")


def _branch(text: object) -> str:
    name = str(text or "refs/heads/main")
    return name if name.startswith("refs/") else f"refs/heads/{name}"


def _kept(data: Mapping[str, Any], known: Pipeline) -> dict[str, Any]:
    kept = {name: data[name] for name in _KEPT if data.get(name) is not None}
    if "triggers" in kept:
        kept["triggers"] = [_trigger(mapping(one, "triggers")) for one in rows(kept["triggers"], "triggers")]
    if "variables" in kept:
        secrets = known.document.get("variables") or {}
        kept["variables"] = {name: _variable(one, secrets.get(name) or {})
                             for name, one in mappings(kept["variables"], "variables").items()}
    if kept.get("queueStatus", "enabled") not in _QUEUE_STATUS:
        message = f"The queue status {kept['queueStatus']!r} is none of {', '.join(_QUEUE_STATUS)}."
        raise bad_request(message, "InvalidDefinitionException")
    return kept


def _variable(sent: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """A secret comes back from the client without its value: what is known of it stays."""
    keeps = sent.get("isSecret") and known.get("isSecret") and sent.get("value") is None
    return {**sent, "value": known.get("value")} if keeps else dict(sent)


def _trigger(asked: Mapping[str, Any]) -> dict[str, Any]:
    """As the service gives it back: the kind in words, and what nobody sent filled in."""
    kind = asked.get("triggerType")
    named = "continuousIntegration" if kind in (2, "2") else kind
    filled = {"branchFilters": [], "pathFilters": [], "settingsSourceType": 1, "batchChanges": False,
              "maxConcurrentBuildsPerBranch": 1}
    return {**filled, **asked, "triggerType": named}


def _queue(asked: object, project: Project, known: Pipeline) -> int:
    """The number of an agent queue of the project; the first one where none is named."""
    wanted = asked.get("id") if isinstance(asked, dict) else None
    if wanted is None:
        return int(known.document.get("queue") or next((one.id for one in project.library.queues), 0))
    if project.library.numbered("queue", str(wanted)) is None:
        raise no_queue(wanted)
    return int(wanted)
