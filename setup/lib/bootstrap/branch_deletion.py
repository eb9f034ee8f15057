"""Lets the principal of `local` delete merged branches of the products that are set up, and nothing else by force.

The service has one permission for it, *Force push*, which is granted on the folder of branches that may go alone:
https://learn.microsoft.com/azure/devops/repos/git/set-git-repository-permissions
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from setup.lib.bootstrap.grants import Need, grant_tasks
from setup.lib.bootstrap.groups import Group
from setup.lib.bootstrap.tasks import Task
from setup.lib.pipelines.wanted import JOBS
from steps.lib.azure_devops.access_control import GIT, Entry, branch_token, entries_below
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.definitions import definitions_running
from steps.lib.azure_devops.identities import Identity, identities
from steps.lib.azure_devops.repositories import BRANCHES, Repository, repositories
from steps.lib.branches.branch import prefixes_in
from steps.lib.wording import counted

PREFIXES_VARIABLE = "cleanUpBranchPrefixes"
_PERMISSION = {"Force push": 8}


def deletion_tasks(azure_devops: AzureDevOps, group: Group) -> Iterator[Task]:
    """For every product of a project that has our jobs pipeline; `group` is the variable group of `local` there."""
    products = _products(azure_devops, group.project_id)
    if not products:
        return
    found = identities(azure_devops, group.credential.client_id)
    if found:
        entries = entries_below(azure_devops, GIT, f"repoV2/{group.project_id}", found[0].descriptor)
        yield from tasks_for(found[0], products, prefixes_of(group), entries)


def prefixes_of(group: Group) -> tuple[str, ...]:
    """What names of branches begin with that may go, as the clean-up of this project reads it."""
    variable = ((group.document or {}).get("variables") or {}).get(PREFIXES_VARIABLE) or {}
    return prefixes_in(str(variable.get("value") or ""))


def tasks_for(principal: Identity, products: Sequence[Repository], prefixes: Sequence[str],
              entries: Mapping[str, Entry]) -> list[Task]:
    """`entries` are those of `principal`, by token in lower case. What is as needed is one task for all products."""
    tasks = [task for product in products for prefix in prefixes
             for task in _tasks(principal, product, prefix, entries)]
    done = sum(task.is_done for task in tasks)
    thing = f"permissions of {principal.display_name} on branches that may be deleted"
    summary = [Task(thing, f"as needed in {counted(done, 'folder')} of branches")] if done else []
    return [*(task for task in tasks if not task.is_done), *summary]


def _tasks(principal: Identity, product: Repository, prefix: str, entries: Mapping[str, Entry]) -> Iterator[Task]:
    folder = prefix.rstrip("/")
    where = f"branches below {folder!r} of {product.project}/{product.name}"
    reason = _why_not(product, prefix)
    if reason:
        yield Task(f"permissions of {principal.display_name} on {where}", reason,
                   by_hand=f"correct {PREFIXES_VARIABLE} of the variable group brickline-local, or leave such branches "
                           "to people")
        return
    token = branch_token(product.project_id, product.id, f"{BRANCHES}{folder}")
    need = Need(where, GIT, token, _PERMISSION)
    yield from grant_tasks(principal, "", [need], {need: entries.get(token.casefold(), Entry())})


def _why_not(product: Repository, prefix: str) -> str:
    """A permission hangs on a folder of names as a whole, and nobody is to rewrite the default branch by it."""
    *folders, rest = prefix.split("/")
    if rest or not all(folders):
        return f"{prefix!r} is no folder of branches, expected a name that ends in '/'"
    default = product.default_branch
    if f"{default}/".casefold().startswith(f"{BRANCHES}{prefix}".casefold()):
        return f"the default branch {default.removeprefix(BRANCHES)!r} is among them, expected it elsewhere"
    return ""


def _products(azure_devops: AzureDevOps, project_id: str) -> list[Repository]:
    running = {str((one.get("repository") or {}).get("id", "")).casefold()
               for one in definitions_running(azure_devops, project_id, JOBS.yaml_path)}
    if not running:
        return []
    return [one for one in repositories(azure_devops, project_id)
            if one.id.casefold() in running and not one.disabled]
