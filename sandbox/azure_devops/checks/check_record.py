"""Checks as they were posted: a type, settings as JSON, and the resource they hang on."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.azure_devops.projects.resources import Resource
from sandbox.storage import Storage

APPROVAL = "8c6f20a7-a545-4486-9777-f762fafe0d4d"
TASK = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"
EXCLUSIVE_LOCK = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"
REQUIRED_TEMPLATE = "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3"
AUTHORIZATION = "e1a1fc6c-c278-4492-ae1c-c42f8697612c"
# https://github.com/microsoft/terraform-provider-azuredevops, approvalsandchecks/common.go
TYPE_NAMES = {APPROVAL: "Approval", TASK: "Task Check", EXCLUSIVE_LOCK: "ExclusiveLock",
              REQUIRED_TEMPLATE: "ExtendsCheck", AUTHORIZATION: "Authorization"}
BRANCH_CONTROL = "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"
BUSINESS_HOURS = "445fde2f-6c39-441c-807f-8a59ff2e075f"
MOST_MINUTES = 43200  # 30 days


@dataclass(frozen=True)
class CheckRecord:
    """`type` is an id of `TYPE_NAMES`; `settings` None where none were posted. `timeout` counts minutes."""

    project: str
    resource: Resource
    type: str
    settings: Mapping[str, Any] | None = None
    timeout: int = MOST_MINUTES
    id: int = 0
    version: int = 1


class CheckRecords:
    """Every check of the organisation by its number."""

    def __init__(self, storage: Storage) -> None:
        self._records = storage.table("check", CheckRecord)
        self._by_resource = self._records.index(lambda one: [one.resource.key])

    def __iter__(self) -> Iterator[CheckRecord]:
        return iter(list(self._records.values()))

    def get(self, number: int) -> CheckRecord | None:
        return self._records.get(str(number))

    def add(self, record: CheckRecord) -> CheckRecord:
        """Like the service's POST, this does not look whether the same check is there already."""
        return self._records.add(lambda number: replace(record, id=number))

    def change(self, record: CheckRecord) -> CheckRecord:
        kept = replace(record, version=record.version + 1)
        self._records[str(record.id)] = kept
        return kept

    def remove(self, number: int) -> None:
        del self._records[str(number)]

    def of(self, resource: Resource) -> list[CheckRecord]:
        """Those of one resource, oldest first."""
        return self._by_resource.of(resource.key)

    def forget(self, resource: Resource) -> None:
        """Remove what hangs on a resource that is gone: its number may come again."""
        for record in self.of(resource):
            self.remove(record.id)
