"""Repositories: https://learn.microsoft.com/rest/api/azure/devops/git/repositories."""
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sandbox.azure_devops.git.default_branch import head, set_default_branch
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.refs_listing import commit_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest import projects
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError, bad_request, no_permission, no_project
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of, projects_of, repository_url, require, web_url
from sandbox.azure_devops.rest.shapes import mapping
from sandbox.azure_devops.security.namespaces import GIT, PROJECT, project_token, repository_token
from sandbox.http.message import Response, json_response

# What cannot be in a URL or a folder; the service refuses more: see naming-restrictions in its documentation.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\]|^\.{0,2}$")
_LONGEST = 256
# https://learn.microsoft.com/azure/devops/repos/git/set-git-repository-permissions: set for no security group.
_NEVER_BY_DEFAULT = ("PolicyExempt", "PullRequestBypassPolicy")


def routes() -> Routes:
    return git_routes(
        ("GET", "repositories", _list), ("POST", "repositories", _create), ("GET", "repositories/{repository}", _get),
        ("PATCH", "repositories/{repository}", _update), ("DELETE", "repositories/{repository}", _delete))


def _list(call: Call) -> dict[str, Any]:
    return collection(described(call, one) for project in projects_of(call) for one in _visible(call, project))


def _visible(call: Call, project: Project) -> list[Hosted]:
    scope = call.caller.scope
    if not (scope.reaches(project.id) and call.allows(PROJECT, project_token(project.id), "GENERIC_READ")):
        return []
    every = [Hosted(project, one, project.repositories.at(one)) for one in project.repositories.records()]
    return [one for one in every if call.allows(GIT, one.token(), "GenericRead") and scope.reaches(project.id, one.id)]


def _get(call: Call) -> dict[str, Any]:
    return described(call, hosted_of(call, even_disabled=True))


def _create(call: Call) -> Response:
    fields = call.fields()
    project = call.project() if "project" in call.request.arguments else _named_project(call, fields)
    token = repository_token(project.id)
    if not call.allows(GIT, token, "CreateRepository"):
        permission = "CreateRepository"
        raise no_permission(permission, call.member.name, "project")
    if fields.get("parentRepository"):
        message = "parentRepository: the sandbox does not model forks."
        raise bad_request(message)
    with call.organisation.lock:
        name = _checked_name(fields.get("name"), project)
        git = project.create_repository(name)
        record = project.repositories.record(name)
        assert record is not None  # noqa: S101 - just made
        allow = GIT.everything & ~sum(GIT.bits[one] for one in _NEVER_BY_DEFAULT)
        call.organisation.access.grant(GIT, repository_token(project.id, record.id), call.member, allow=allow)
    return json_response(described(call, Hosted(project, record, git)), 201)


def _named_project(call: Call, fields: dict[str, Any]) -> Project:
    named = mapping(fields.get("project"), "project")
    wanted = str(named.get("id") or named.get("name") or "")
    project = call.organisation.project(wanted)
    if project is None:
        raise no_project(wanted)
    return project


def _update(call: Call) -> dict[str, Any]:
    with call.organisation.lock:
        return _changed(call)


def _changed(call: Call) -> dict[str, Any]:
    hosted, fields = hosted_of(call, even_disabled=True), call.fields()
    record = hosted.record
    if fields.get("isDisabled") is not None:
        require(call, hosted, "DeleteRepository")
        record = replace(record, disabled=bool(fields["isDisabled"]))
    if fields.get("name") not in (None, record.name):
        require(call, hosted, "RenameRepository")
        record = replace(record, name=_checked_name(fields["name"], hosted.project, record.id))
    if fields.get("defaultBranch"):
        require(call, hosted, "EditPolicies")
        _point_head(hosted, str(fields["defaultBranch"]))
    hosted.project.keep_repository(record)
    for pipeline in hosted.project.library.of_repository(hosted.name) if record.name != hosted.name else ():
        hosted.project.library.put_pipeline(replace(pipeline, repository=record.name))
    return described(call, Hosted(hosted.project, record, hosted.git))


def _point_head(hosted: Hosted, branch: str) -> None:
    ref = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
    if commit_of(hosted.git, ref) is None:
        message = f"The branch '{ref}' does not exist in the repository '{hosted.name}'."
        raise bad_request(message, "InvalidArgumentValueException")
    set_default_branch(hosted.git, ref)


def _delete(call: Call) -> Response:
    hosted = hosted_of(call, even_disabled=True)
    require(call, hosted, "DeleteRepository")
    hosted.project.remove_repository(hosted.record)
    call.organisation.repos.records.forget(hosted.id)
    return Response(204)


def _checked_name(posted: object, project: Project, own_id: str = "") -> str:
    name = posted.strip() if isinstance(posted, str) else ""
    if len(name) > _LONGEST or _FORBIDDEN.search(name):
        message = f"The repository name '{name}' is not valid."
        raise bad_request(message, "InvalidGitRepositoryNameException")
    known = project.repositories.record(name)
    if known and known.id != own_id:
        message = f"TF400948: A Git repository with the name {name} already exists."
        raise RestError(409, "GitRepositoryNameAlreadyExistsException", message)
    return name


def described(call: Call, hosted: Hosted) -> dict[str, Any]:
    """An empty repository has no `defaultBranch`; `remoteUrl` has the organisation as its user."""
    branch = head(hosted.git)
    known = {"defaultBranch": branch} if _has(hosted, branch) else {}
    web = web_url(call, hosted)
    return {
        "id": hosted.id, "name": hosted.name, "url": repository_url(call, hosted),
        "project": projects.reference(call, hosted.project), **known, "size": _size(hosted),
        "remoteUrl": web.replace("://", f"://{call.organisation.names.organisation}@"), "webUrl": web,
        "sshUrl": "", "isDisabled": hosted.record.disabled, "isInMaintenance": False,
    }


def _has(hosted: Hosted, ref: str) -> bool:
    """Without a process for each repository of a long list."""
    if (hosted.git.path / ref).is_file():
        return True
    packed = hosted.git.path / "packed-refs"
    return packed.is_file() and f" {ref}\n" in packed.read_text(encoding="utf-8", errors="surrogateescape")


def _size(hosted: Hosted) -> int:
    """Bytes."""
    return sum(one.stat().st_size for one in (hosted.git.path / "objects").rglob("*") if one.is_file())
