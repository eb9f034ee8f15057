"""What a branch policy that is posted says, read from its JSON and checked."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.policies.configuration import BUILD, MINIMUM_REVIEWERS, TYPES, Configuration
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.shapes import mapping, objects, text

_SCOPES = ("exact", "prefix", "defaultbranch")


def posted(call: Call, project: Project, known: Configuration) -> Configuration:
    """The next revision of `known`, whose number is 0 where there is none yet."""
    fields = call.fields()
    kind, settings = known_type(fields), fields.get("settings")
    if not isinstance(settings, dict):
        message = "Value cannot be null. Parameter name: settings"
        raise bad_request(message, "ArgumentNullException")
    made = Configuration(
        known.id, project.id, kind, bool(fields.get("isBlocking", True)), bool(fields.get("isEnabled", True)),
        _normalised(settings), known.revision + 1, known.creator or call.member.id,
        known.created or call.organisation.clock.now())
    _check(project, made)
    return made


def known_type(fields: dict[str, Any]) -> str:
    """The id of a type of policy."""
    kind = str(mapping(fields.get("type"), "type").get("id") or "").casefold()
    if kind not in TYPES:
        message = f"The policy type '{kind}' is not modelled by the sandbox, known are: {', '.join(TYPES.values())}."
        raise RestError(404, "PolicyTypeNotFoundException", message)
    return kind


def _normalised(settings: dict[str, Any]) -> dict[str, Any]:
    """As the service writes it: `exact` comes back as `Exact`."""
    names = {"exact": "Exact", "prefix": "Prefix", "defaultbranch": "DefaultBranch"}
    rows = [{**one, **({"matchKind": names.get(str(one["matchKind"]).casefold(), one["matchKind"])}
                       if one.get("matchKind") else {})} for one in objects(settings.get("scope"), "scope")]
    for one in rows:
        for name in ("repositoryId", "refName"):
            text(one.get(name), name)
    return {**settings, "scope": rows}


def _check(project: Project, made: Configuration) -> None:
    scopes = list(made.scopes)
    if not scopes or any(one.kind not in _SCOPES for one in scopes):
        message = "The settings of a policy need a scope with matchKind 'Exact', 'Prefix' or 'DefaultBranch'."
        raise bad_request(message, "InvalidPolicySettingsException")
    if any(one.kind != "defaultbranch" and not one.ref.startswith("refs/heads/") for one in scopes):
        message = "The scope of a branch policy needs a refName that begins with 'refs/heads/'."
        raise bad_request(message, "InvalidPolicySettingsException")
    count = made.settings.get("minimumApproverCount")
    if made.type == MINIMUM_REVIEWERS and not (isinstance(count, int) and count > 0):
        message = "minimumApproverCount: a number above 0 was expected."
        raise bad_request(message, "InvalidPolicySettingsException")
    if made.type == BUILD:
        _check_build(project, made)


def _check_build(project: Project, made: Configuration) -> None:
    number = made.settings.get("buildDefinitionId")
    if project.library.pipeline(str(number)) is None:
        message = f"buildDefinitionId: there is no build pipeline {number} in the project {project.name}."
        raise bad_request(message, "InvalidPolicySettingsException")
    if made.settings.get("filenamePatterns"):
        message = "filenamePatterns: the sandbox does not model build policies for some paths only."
        raise bad_request(message, "InvalidPolicySettingsException")
