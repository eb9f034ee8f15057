"""From the settings that were posted to the check they mean; what this organisation does not model is refused by name.

Settings by type: https://github.com/microsoft/terraform-provider-azuredevops, folder approvalsandchecks.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.azure_devops.checks.check_record import (
    APPROVAL,
    BRANCH_CONTROL,
    BUSINESS_HOURS,
    EXCLUSIVE_LOCK,
    REQUIRED_TEMPLATE,
    TASK,
    CheckRecord,
    CheckRecords,
)
from sandbox.azure_devops.checks.protection import (
    Approval,
    Approver,
    BranchControl,
    BrokenCheck,
    Check,
    ExclusiveLock,
    RequiredTemplate,
    TemplateFile,
)
from sandbox.azure_devops.identities.directory import Directory, Kind
from sandbox.azure_devops.projects.resources import Resource

_NOT_MODELLED = {BUSINESS_HOURS: "business hours"}
_IN_SEQUENCE = ("insequence", "2")
# By the id in `definitionRef`, as public scripts of Resolve-AdoDefinitionRef list them.
_PHASES = {"0f52a19b-c67e-468f-b8eb-0ae83b532c99": "pre-check approval",
           "06441319-13fb-4756-b198-c2da116894a4": "post-check approval"}
_TEMPLATE_FIELDS = ("repositoryType", "repositoryName", "repositoryRef", "templatePath")


class CheckSettingsError(ValueError):
    """The settings of a check do not say what the service needs, in its words where they are known."""


class Protection:
    """The checks of all resources as the gate reads them."""

    def __init__(self, records: CheckRecords, directory: Directory) -> None:
        self.records = records
        self._directory = directory

    def of(self, resource: Resource) -> list[Check]:
        """The checks of `resource`, oldest first."""
        return [self._read(record) for record in self.records.of(resource)]

    def _read(self, record: CheckRecord) -> Check:
        try:
            return read_check(record, self._directory)
        except CheckSettingsError as error:
            return BrokenCheck(str(error))


def read_check(record: CheckRecord, directory: Directory) -> Check:
    """CheckSettingsError where the settings make no check of the type."""
    readers: Mapping[str, Callable[[Mapping[str, Any]], Check]] = {
        APPROVAL: lambda settings: _approval(settings, record.timeout, directory),
        TASK: _task,
        EXCLUSIVE_LOCK: lambda _: ExclusiveLock(),
        REQUIRED_TEMPLATE: _required_template,
    }
    if record.type not in readers:
        message = f"Check type {record.type} is not modelled by the sandbox."
        raise CheckSettingsError(message)
    return readers[record.type](record.settings or {})


def _approval(settings: Mapping[str, Any], timeout: int, directory: Directory) -> Approval:
    """Without settings it is an approval that nobody can give, as on the service."""
    approvers = _approvers(settings.get("approvers"), directory)
    minimum = _minimum(settings.get("minRequiredApprovers") or 0, len(approvers))
    barred = settings.get("requesterCannotBeApprover", False)
    if not isinstance(barred, bool):
        message = f"Error converting value {barred!r} to type 'System.Boolean'. Path 'requesterCannotBeApprover'."
        raise CheckSettingsError(message)
    return Approval(
        approvers, minimum,
        in_sequence=str(settings.get("executionOrder", "")).casefold() in _IN_SEQUENCE,
        requester_may_approve=not barred,
        instructions=str(settings.get("instructions") or ""),
        timeout_minutes=timeout,
        phase=_PHASES.get(str(_object(settings.get("definitionRef")).get("id", "")).casefold(), "dynamic"),
        blocked=_approvers(settings.get("blockedApprovers"), directory),
    )


def _minimum(given: object, most: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        message = f"The minimum number of required approvers has to be a number from 0 on, got {given!r}."
        raise CheckSettingsError(message)
    if given > most:
        message = f"The minimum number of required approvers {given} is larger than the number of approvers."
        raise CheckSettingsError(message)
    return given


def _approvers(found: object, directory: Directory) -> tuple[Approver, ...]:
    """Members by their storage key; an Entra object id or a mail is none.

    https://github.com/microsoft/terraform-provider-azuredevops/issues/815
    """
    given = [str(one.get("id", "")) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    members = [directory.get(one) for one in given]
    if not all(members):
        unknown = ", ".join(one for one, member in zip(given, members, strict=True) if member is None)
        message = f"The following identities are invalid: {unknown}"
        raise CheckSettingsError(message)
    return tuple(
        Approver(member.display_name, frozenset(
            one.name for one in (directory.members_of(member) if member.kind is Kind.GROUP else [member])), member.id)
        for member in members if member)


def _task(settings: Mapping[str, Any]) -> BranchControl:
    definition = _object(settings.get("definitionRef")).get("id", "")
    if str(definition).casefold() != BRANCH_CONTROL:
        name = _NOT_MODELLED.get(str(definition).casefold()) or settings.get("displayName") or definition or "no task"
        message = f"Task check {name!r} is not modelled by the sandbox, only branch control ({BRANCH_CONTROL}) is."
        raise CheckSettingsError(message)
    inputs = _object(settings.get("inputs"))
    for name, value in inputs.items():
        if not isinstance(value, str):
            message = f"Error converting value {value!r} of input '{name}' to type 'System.String'."
            raise CheckSettingsError(message)
    if inputs.get("ensureProtectionOfBranch", "false").casefold() == "true":
        message = "ensureProtectionOfBranch 'true' is not modelled by the sandbox, expected 'false'."
        raise CheckSettingsError(message)
    allowed = (one.strip() for one in inputs.get("allowedBranches", "*").split(","))
    return BranchControl(tuple(one for one in allowed if one))


def _required_template(settings: Mapping[str, Any]) -> RequiredTemplate:
    rows = settings.get("extendsChecks")
    return RequiredTemplate(tuple(_template(_object(row)) for row in rows) if isinstance(rows, list) else ())


def _template(row: Mapping[str, Any]) -> TemplateFile:
    missing = [name for name in _TEMPLATE_FIELDS[1:] if not isinstance(row.get(name), str) or not row[name]]
    if missing:
        message = f"Value cannot be null. (Parameter '{missing[0]}')"
        raise CheckSettingsError(message)
    if str(row.get("repositoryType", "git")).casefold() != "git":
        message = f"A required template of repository type {row['repositoryType']!r} is not modelled, only 'git' is."
        raise CheckSettingsError(message)
    return TemplateFile(row["repositoryName"], row["repositoryRef"], row["templatePath"])


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
