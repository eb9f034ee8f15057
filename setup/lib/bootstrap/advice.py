"""What only people should decide: settings of a project, protection of this library's branch and tags. Pure."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from setup.lib.bootstrap.tasks import Task
from steps.lib.azure_devops.repositories import Repository

# https://learn.microsoft.com/azure/devops/pipelines/security/secure-access-to-repos and security/inputs
_SETTINGS = {
    "enforceSettableVar": ("Limit variables that can be set at queue time",
                           "off: whoever may start a run can replace variables"),
    "enforceReferencedRepoScopedToken": ("Protect access to repositories in YAML pipelines",
                                         "off: a run reads every repository of the project"),
    "enforceJobAuthScope": ("Limit job authorization scope to current project for non-release pipelines",
                            "off: a run reaches other projects"),
}


def settings_tasks(project: str, settings: Mapping[str, Any]) -> Iterator[Task]:
    """The set-up itself signs in to Entra and works under all of them; they protect products from each other."""
    for key, (label, weakness) in _SETTINGS.items():
        thing = f"{project}: setting {label!r}"
        if settings.get(key):
            yield Task(thing, "on")
        else:
            yield Task(thing, weakness, by_hand=f"Project settings > Pipelines > Settings > {label}")


def library_tasks(cicd: Repository, releases: Sequence[str], policies: Sequence[Mapping[str, Any]]) -> Iterator[Task]:
    thing = f"repository {cicd.project}/{cicd.name}"
    if not releases:
        yield Task(thing, "has no release tag such as v1.2.3", by_hand="git tag v1.2.3 && git push origin v1.2.3")
    else:
        yield Task(thing, f"newest release {releases[0].removeprefix('refs/tags/')}")
    blocking = [one for one in policies if one.get("isEnabled") and one.get("isBlocking")]
    branch = cicd.default_branch.removeprefix("refs/heads/")
    if blocking:
        yield Task(f"{thing}, branch {branch}", "protected by a policy")
    else:
        yield Task(f"{thing}, branch {branch}", "anyone who may contribute can push to it",
                   by_hand=f"require reviewers: Repos > Branches > {branch} > Branch policies > Require a minimum "
                           "number of reviewers; and on its security page deny 'Create tag' to all but your team")
