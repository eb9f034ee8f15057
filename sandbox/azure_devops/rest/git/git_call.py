"""What the routes of Azure Repos share: the repository of a call, and errors as those routes write them."""
from __future__ import annotations

from urllib.parse import quote

from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.ref_change import Refusal
from sandbox.azure_devops.git.ref_rules import RefRules, permission_text
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Handler, Routes
from sandbox.azure_devops.rest.errors import RestError, no_repository

_KEYS = {"rejectedByPolicy": "GitRefUpdateRejectedByPolicyException", "locked": "GitReferenceLockedException",
         "rejectedByPlugin": "GitRefUpdateRejectedByPluginException"}


def git_routes(*table: tuple[str, str, Handler]) -> Routes:
    """Paths below `git/`, each with the project in front and, for ids of repositories, without."""
    return [(method, f"{start}_apis/git/{path}", handler) for method, path, handler in table
            for start in ("{project}/", "")]


def projects_of(call: Call) -> list[Project]:
    """The project of the route; all that there are where it names none."""
    return [call.project()] if "project" in call.request.arguments else call.organisation.projects()


def hosted_of(call: Call, *, even_disabled: bool = False) -> Hosted:
    """The repository of the route, by name or id; what is disabled answers as if it were not there."""
    name = call.argument("repository")
    for project in projects_of(call):
        known = project.repositories.record(name)
        if known and ("project" in call.request.arguments or known.id == name.casefold()):
            record, git = call.repository(name, project)
            if record.disabled and not even_disabled:
                break
            return Hosted(project, record, git)
    raise no_repository(name)


def rules_of(call: Call, hosted: Hosted) -> RefRules:
    return call.organisation.repos.rules(hosted, call.member)


def require(call: Call, hosted: Hosted, permission: str, ref: str = "") -> None:
    """Refuse the call where its member lacks a git permission on the repository or one of its branches."""
    if not rules_of(call, hosted).allows(permission, ref):
        raise RestError(403, "GitNeedsPermissionException",
                        permission_text(permission, call.member, "branch" if ref else "repository"))


def refused(refusal: Refusal) -> RestError:
    """The error of a push for a ref that may not be changed."""
    return RestError(403, _KEYS.get(refusal.status, "GitNeedsPermissionException"), refusal.text)


def repository_url(call: Call, hosted: Hosted) -> str:
    return f"{call.organisation.collection_uri}{hosted.project.id}/_apis/git/repositories/{hosted.id}"


def web_url(call: Call, hosted: Hosted) -> str:
    return f"{call.organisation.collection_uri}{quote(hosted.project.name)}/_git/{quote(hosted.name)}"
