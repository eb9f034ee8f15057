"""Whether a thing that gives secrets away is guarded: its checks, and whom it lets in. Pure."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from setup.lib.bootstrap.inputs import Credential
from setup.lib.bootstrap.tasks import ChangeCheck, CloseToEveryone, Task
from setup.lib.pipelines.check_plan import check_changes
from setup.lib.pipelines.wanted import KINDS, template_check
from setup.lib.release import Release
from steps.lib.azure_devops.checks import Check, Resource, branch_control, exclusive_lock
from steps.lib.azure_devops.pipeline_permissions import Authorised


@dataclass(frozen=True)
class Guarded:
    """A variable group or a service connection of one project, and what guards it now."""

    thing: str
    project_id: str
    resource: Resource
    checks: Sequence[Mapping[str, Any]]
    authorised: Authorised


def wanted_checks(credential: Credential, release: Release) -> list[Check]:
    """Whoever may push to a product changes the YAML that runs: only what checks demand of it is certain."""
    if credential.name == "setup":
        default = release.repository.default_branch or "refs/heads/main"
        return [branch_control((default, "refs/tags/*")), exclusive_lock()]
    return [template_check(release, *(kind.template for kind in KINDS if credential.name in kind.credentials))]


def guard_tasks(guarded: Guarded, wanted: Sequence[Check]) -> Iterator[Task]:
    for change in check_changes(wanted, guarded.checks):
        yield Task(guarded.thing, "is not guarded as it should be", str(change),
                   action=ChangeCheck(guarded.project_id, guarded.resource, change))
    if guarded.authorised.everyone:
        yield Task(guarded.thing, "open to every pipeline of the project", "close it; pipelines let in one by one stay",
                   action=CloseToEveryone(guarded.project_id, guarded.resource))
