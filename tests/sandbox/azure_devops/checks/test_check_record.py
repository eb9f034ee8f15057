"""Checks as they were posted, over restarts and removals."""
from __future__ import annotations

from pathlib import Path

from sandbox.azure_devops.checks.check_record import APPROVAL, EXCLUSIVE_LOCK, CheckRecord, CheckRecords
from sandbox.azure_devops.checks.protection import BrokenCheck, ExclusiveLock
from sandbox.azure_devops.checks.read_checks import Protection
from sandbox.azure_devops.identities.directory import Directory
from sandbox.azure_devops.projects.resources import Resource
from sandbox.storage import Storage

PROD, DEV = Resource("environment", "1", "prod"), Resource("environment", "2", "dev")


def test_checks_outlive_a_restart(tmp_path: Path) -> None:
    first = Storage(tmp_path / "s.sqlite")
    kept = CheckRecords(first).add(CheckRecord("p", PROD, APPROVAL, {"approvers": [{"id": "x"}]}, 60))
    first.close()
    second = Storage(tmp_path / "s.sqlite")
    assert CheckRecords(second).of(PROD) == [kept]
    second.close()


def test_checks_of_a_resource_go_with_it_and_no_others() -> None:
    records = CheckRecords(Storage())
    for resource in (PROD, DEV, PROD):
        records.add(CheckRecord("p", resource, EXCLUSIVE_LOCK))
    records.forget(PROD)
    assert [one.resource for one in records] == [DEV]


def test_check_whose_approver_is_unknown_is_broken() -> None:
    storage = Storage()
    records = CheckRecords(storage)
    records.add(CheckRecord("p", PROD, EXCLUSIVE_LOCK))
    records.add(CheckRecord("p", PROD, APPROVAL, {"approvers": [{"id": "gone"}]}))
    lock, broken = Protection(records, Directory(storage, "host")).of(PROD)
    assert lock == ExclusiveLock()
    assert broken == BrokenCheck("The following identities are invalid: gone")
