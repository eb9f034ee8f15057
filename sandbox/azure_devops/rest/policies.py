"""Branch policies: https://learn.microsoft.com/rest/api/azure/devops/policy/configurations."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.policies.configuration import BUILD, MINIMUM_REVIEWERS, TYPES, Branch, Configuration, Scope
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.pull_requests.pull_requests import branch_of
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.hosting import person
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from sandbox.http.message import Response

_BASE = "{project}/_apis/policy"
_SCOPES = ("exact", "prefix", "defaultbranch")


def routes() -> Routes:
    one = f"{_BASE}/configurations/{{configuration}}"
    return [
        ("GET", f"{_BASE}/types", _types), ("GET", f"{_BASE}/types/{{type}}", _type),
        ("GET", f"{_BASE}/configurations", _list), ("POST", f"{_BASE}/configurations", _create),
        ("GET", one, _get), ("PUT", one, _replace), ("DELETE", one, _delete),
        ("GET", "{project}/_apis/git/policy/configurations", _of_branch)]


def _types(call: Call) -> dict[str, Any]:
    project = call.project()
    return collection(_described_type(call, project, one) for one in TYPES)


def _type(call: Call) -> dict[str, Any]:
    return _described_type(call, call.project(), _known_type({"type": {"id": call.argument("type")}}))


def _list(call: Call) -> dict[str, Any]:
    project, kind = call.project(), (call.query("policyType") or "").casefold()
    found = call.organisation.repos.policies.of_project(project.id)
    return collection(_described(call, project, one) for one in found if kind in {"", one.type})


def _of_branch(call: Call) -> dict[str, Any]:
    """What holds for a branch, or for a repository as a whole; scopes with a prefix count for what lies in them."""
    project, kind = call.project(), (call.query("policyType") or "").casefold()
    repository, ref = call.query("repositoryId") or "", call.query("refName") or ""
    if ref and not ref.startswith("refs/"):
        message = f"The name '{ref}' is not valid for a ref, expected a full one such as 'refs/heads/main'."
        raise bad_request(message, "InvalidArgumentValueException")
    branch = _branch(call, project, repository, ref)
    found = [one for one in call.organisation.repos.policies.of_project(project.id)
             if kind in {"", one.type} and _counts(one, branch)]
    return collection(_described(call, project, one) for one in found)


def _branch(call: Call, project: Project, repository: str, ref: str) -> Branch:
    hosted = call.organisation.repos.find(project.id, repository) if repository else None
    return branch_of(hosted, ref) if hosted else Branch(repository, ref)


def _counts(policy: Configuration, branch: Branch) -> bool:
    if branch.ref:
        return any(scope.holds(branch) for scope in policy.scopes)
    return not branch.repository or any(one.repository in {"", branch.repository} for one in policy.scopes)


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return _described(call, project, _one(call, project))


def _create(call: Call) -> dict[str, Any]:
    project = call.project()
    made = _posted(call, project, Configuration(0, project.id, "", blocking=True, enabled=True, revision=0))
    return _described(call, project, call.organisation.repos.policies.put(made))


def _replace(call: Call) -> dict[str, Any]:
    project = call.project()
    known = _one(call, project)
    _require(call, project, known)
    return _described(call, project, call.organisation.repos.policies.put(_posted(call, project, known)))


def _delete(call: Call) -> Response:
    project = call.project()
    known = _one(call, project)
    _require(call, project, known)
    call.organisation.repos.policies.remove(known)
    return Response(204)


def _one(call: Call, project: Project) -> Configuration:
    text = call.argument("configuration")
    found = call.organisation.repos.policies.get(project.id, int(text)) if text.isdigit() else None
    if found is None:
        message = f"The policy configuration {text} does not exist."
        raise RestError(404, "PolicyConfigurationNotFoundException", message)
    return found


def _posted(call: Call, project: Project, known: Configuration) -> Configuration:
    fields = call.fields()
    kind, settings = _known_type(fields), fields.get("settings")
    if not isinstance(settings, dict):
        message = "Value cannot be null. Parameter name: settings"
        raise bad_request(message, "ArgumentNullException")
    made = Configuration(
        known.id, project.id, kind, bool(fields.get("isBlocking", True)), bool(fields.get("isEnabled", True)),
        _normalised(settings), known.revision + 1, known.creator or call.member.id,
        known.created or call.organisation.clock.now())
    _check(project, made)
    _require(call, project, made)
    return made


def _known_type(fields: dict[str, Any]) -> str:
    kind = str((fields.get("type") or {}).get("id") or "").casefold()
    if kind not in TYPES:
        message = f"The policy type '{kind}' is not modelled by the sandbox, known are: {', '.join(TYPES.values())}."
        raise RestError(404, "PolicyTypeNotFoundException", message)
    return kind


def _normalised(settings: dict[str, Any]) -> dict[str, Any]:
    """As the service writes it: `exact` comes back as `Exact`."""
    names = {"exact": "Exact", "prefix": "Prefix", "defaultbranch": "DefaultBranch"}
    rows = [{**one, **({"matchKind": names.get(str(one["matchKind"]).casefold(), one["matchKind"])}
                       if one.get("matchKind") else {})} for one in settings.get("scope") or ()]
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
    if number not in {one.id for one in project.library.pipelines}:
        message = f"buildDefinitionId: there is no build pipeline {number} in the project {project.name}."
        raise bad_request(message, "InvalidPolicySettingsException")
    if made.settings.get("filenamePatterns"):
        message = "filenamePatterns: the sandbox does not model build policies for some paths only."
        raise bad_request(message, "InvalidPolicySettingsException")


def _require(call: Call, project: Project, policy: Configuration) -> None:
    """EditPolicies on every branch the policy is for."""
    for scope in policy.scopes:
        if not call.allows(GIT, _token(project, scope), "EditPolicies"):
            message = ("TF401027: You need the Git 'EditPolicies' permission to perform this action. "
                       f"Details: identity '{call.member.name}', scope 'branch'.")
            raise RestError(403, "GitNeedsPermissionException", message)


def _token(project: Project, scope: Scope) -> str:
    """A scope over all repositories hangs on the project."""
    ref = scope.ref.rstrip("/") if scope.repository else ""
    return repository_token(project.id, scope.repository.lower(), ref)


def _described(call: Call, project: Project, one: Configuration) -> dict[str, Any]:
    url = f"{call.organisation.collection_uri}{project.id}/_apis/policy/configurations/{one.id}"
    return {"createdBy": person(call, one.creator), "createdDate": timestamp(one.created), "isEnabled": one.enabled,
            "isBlocking": one.blocking, "isDeleted": False, "isEnterpriseManaged": False, "settings": one.settings,
            "revision": one.revision, "id": one.id, "url": url, "type": _described_type(call, project, one.type)}


def _described_type(call: Call, project: Project, kind: str) -> dict[str, Any]:
    url = f"{call.organisation.collection_uri}{project.id}/_apis/policy/types/{kind}"
    return {"id": kind, "url": url, "displayName": TYPES[kind]}
