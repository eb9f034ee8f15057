"""The variable groups: what each holds, what guards it, and which of it is missing. Pure."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from setup.lib.bootstrap.guarded import Guarded, guard_tasks, wanted_checks
from setup.lib.bootstrap.inputs import Credential
from setup.lib.bootstrap.tasks import ChangeGroup, CreateGroup, Task
from setup.lib.release import Release
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.pipeline_permissions import Authorised

_SECRET = "entraClientSecret"  # noqa: S105 - the name of a variable
_TYPE = "Vsts"


@dataclass(frozen=True)
class Group:
    """One variable group of one project. `document` is None where it is not there."""

    project_id: str
    project: str
    credential: Credential
    document: Mapping[str, Any] | None = field(default=None, repr=False)
    checks: Sequence[Mapping[str, Any]] = ()
    authorised: Authorised = field(default_factory=lambda: Authorised(frozenset()))

    @property
    def thing(self) -> str:
        return f"{self.project}: variable group {self.credential.group}"

    @property
    def resource(self) -> Resource:
        return Resource("variablegroup", str((self.document or {}).get("id", "")), self.credential.group)


def group_tasks(group: Group, release: Release) -> Iterator[Task]:
    wanted = wanted_checks(group.credential, release)
    if group.document is None:
        kinds = ", ".join(check.kind for check in wanted)
        action = CreateGroup(group_body(group, {}))
        yield Task(group.thing, "missing", f"create it with {kinds}", _secret_to_type(group, {}), action)
        return
    if group.document.get("type", _TYPE) != _TYPE:
        yield Task(group.thing, "takes its variables from a key vault, which has them under names of its own",
                   by_hand="rename this group, and run bootstrap again: it makes one of its own")
        return
    yield from _variables(group, group.document)
    guarded = Guarded(group.thing, group.project_id, group.resource, group.checks, group.authorised)
    yield from guard_tasks(guarded, wanted)


def group_body(group: Group, known: Mapping[str, Any]) -> dict[str, Any]:
    """The whole group as the service takes it. A secret without a value keeps the one it has.

    Projects that share the group keep it.
    """
    reference = {"name": group.credential.group,
                 "projectReference": {"id": group.project_id, "name": group.project}}
    others = [one for one in (group.document or {}).get("variableGroupProjectReferences") or []
              if (one.get("projectReference") or {}).get("id") != group.project_id]
    return {"name": group.credential.group, "type": _TYPE,
            "description": f"Who the pipeline library is in {group.credential.name}",
            "variables": {**known, **_wanted_variables(group.credential, known)},
            "variableGroupProjectReferences": [reference, *others]}


def _wanted_variables(credential: Credential, known: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"entraTenantId": {"value": credential.tenant_id},
                              "entraClientId": {"value": credential.client_id}}
    if credential.service_connection_id:
        values["azureServiceConnectionId"] = {"value": credential.service_connection_id}
    elif credential.secret and _SECRET not in known:
        values[_SECRET] = {"value": credential.secret, "isSecret": True}
    return values


def _variables(group: Group, document: Mapping[str, Any]) -> Iterator[Task]:
    known: Mapping[str, Any] = document.get("variables") or {}
    wanted = _wanted_variables(group.credential, known)
    missing = [name for name, value in wanted.items() if name not in known or (
        not value.get("isSecret") and known[name].get("value") != value["value"])]
    by_hand = _secret_to_type(group, known)
    if missing:
        yield Task(group.thing, f"lacks the right {', '.join(missing)}", "set them", by_hand,
                   ChangeGroup(int(document["id"]), group_body(group, known)))
    else:
        found = f"there, {'with a service connection' if group.credential.service_connection_id else 'with a secret'}"
        yield Task(group.thing, "there, without a safe secret" if by_hand else found, by_hand=by_hand)


def _secret_to_type(group: Group, known: Mapping[str, Any]) -> str:
    credential = group.credential
    if _SECRET in known and not known[_SECRET].get("isSecret"):
        return (f"{_SECRET} stands there in plain sight: make a new secret in Entra, then Pipelines > Library > "
                f"{credential.group} > {_SECRET} > close the lock and type it")
    if credential.service_connection_id or credential.secret or _SECRET in known:
        return ""
    return (f"store the client secret: Pipelines > Library > {credential.group} > Add > {_SECRET}, with the lock "
            f"closed; or set {credential.secret_variable} and run bootstrap again")
