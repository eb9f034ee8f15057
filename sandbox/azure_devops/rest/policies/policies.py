"""Branch policies: https://learn.microsoft.com/rest/api/azure/devops/policy/configurations."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.policies.configuration import TYPES, Branch, Configuration, Scope
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.pull_requests.pull_requests import branch_of
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.policies.policy_form import known_type, posted
from sandbox.azure_devops.rest.signatures import person
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from sandbox.http.message import Response

_BASE = "{project}/_apis/policy"


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
    return _described_type(call, call.project(), known_type({"type": {"id": call.argument("type")}}))


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
    made = posted(call, project, Configuration(0, project.id, "", blocking=True, enabled=True, revision=0))
    _require(call, project, made)
    return _described(call, project, call.organisation.repos.policies.put(made))


def _replace(call: Call) -> dict[str, Any]:
    project = call.project()
    known = _one(call, project)
    made = posted(call, project, known)
    for one in (known, made):
        _require(call, project, one)
    return _described(call, project, call.organisation.repos.policies.put(made))


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
