"""Where a branch or tag is just now, asked of Azure DevOps before a Git folder follows it.

A Git folder can only be told a branch or a tag, and then shows the newest commit of it. Jobs that run from the folder
would run that commit, whether it passed the gates of this run or not: so one looks before.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from steps.lib import agent
from steps.lib.azure_devops.connection import connect
from steps.lib.azure_devops.credentials import provider_for
from steps.lib.azure_devops.errors import AzureDevOpsError
from steps.lib.azure_devops.own_credential import azure_devops_environ
from steps.lib.azure_devops.repositories import REFS
from steps.lib.clock import Clock
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError
from steps.lib.repos.git_credential import Login
from steps.lib.repos.remote import Ref

_MARK = "/_git/"
# An organization of its own name there has its projects at the top, below a collection or not.
_OLD_HOST = ".visualstudio.com"
_COLLECTION = "/DefaultCollection"


@dataclass(frozen=True)
class RemoteRepository:
    """A repository of Azure DevOps, as its address names it; `organization` is the address of the organization."""

    organization: str
    project: str
    name: str


def remote_repository(url: str) -> RemoteRepository | None:
    """None for an address that is none of Azure DevOps. A repository named as its project may leave that out."""
    parts = urlsplit(url)
    before, mark, name = parts.path.partition(_MARK)
    organization, _, project = before.rpartition("/")
    if not mark or not name:
        return None
    is_at_the_top = parts.netloc.lower().endswith(_OLD_HOST) and before not in ("", _COLLECTION)
    if not organization and not is_at_the_top:
        organization, project = before, name
    address = f"{parts.scheme}://{parts.netloc}{organization}"
    return RemoteRepository(address, unquote(project), unquote(name).strip("/"))


@dataclass(frozen=True)
class Asker:
    """Who asks: the principal of the workspace, or whoever `login` belongs to."""

    workspace: Workspace
    environ: Mapping[str, str]
    login: Login | None
    clock: Clock

    def tip(self, url: str, ref: Ref) -> str | None:
        """The commit; empty where there is no such ref; None, after a warning, where nobody could be asked."""
        where = remote_repository(url)
        if where is None:
            return None
        environ = self._environ()
        try:
            provider_for(environ)
            return _read(where, ref, environ, self.clock)
        except (InputError, AzureDevOpsError) as error:
            agent.warning(f"cannot see in {where.organization} where {ref} is just now, so that a newer commit would "
                          f"be noticed only after it was checked out: {error.lines[0]}")
            return None

    def _environ(self) -> dict[str, str]:
        token = {"AZURE_DEVOPS_EXT_PAT": self.login.token} if self.login else {}
        return azure_devops_environ({**self.environ, **token}, self.workspace)


def _read(where: RemoteRepository, ref: Ref, environ: Mapping[str, str], clock: Clock) -> str:
    short = f"{'heads' if ref.kind == 'branch' else 'tags'}/{ref.name}"
    with connect(where.organization, environ, clock) as devops:
        route = {"project": where.project, "repositoryId": where.name}
        rows = devops.pages(REFS, route=route, query={"filter": short, "peelTags": True, "$top": 1000})
        # The filter is a prefix; an annotated tag points to an object of its own.
        found = [str(row.get("peeledObjectId") or row["objectId"]) for row in rows if row["name"] == f"refs/{short}"]
    return found[0] if found else ""
