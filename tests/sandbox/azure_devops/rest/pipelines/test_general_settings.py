from __future__ import annotations

import pytest

from tests.sandbox.azure_devops.rest.office import Office

SETTINGS = "analytics/_apis/build/generalSettings"


def test_client_reads_the_flags_that_limit_the_token_of_a_job(office: Office) -> None:
    settings = office.client("build", "ben").get_build_general_settings("analytics")
    assert (settings.enforce_job_auth_scope, settings.enforce_referenced_repo_scoped_token) == (True, True)


def test_client_changes_one_flag_and_no_other(office: Office) -> None:
    client = office.client("build", "admin")
    changed = client.update_build_general_settings({"enforceReferencedRepoScopedToken": False}, "analytics")
    assert (changed.enforce_job_auth_scope, changed.enforce_referenced_repo_scoped_token) == (True, False)
    assert office.project.record.settings.enforceReferencedRepoScopedToken is False


@pytest.mark.parametrize("person", ["anna", "ben"])
def test_only_administrators_change_them(office: Office, person: str) -> None:
    answer = office.send("PATCH", SETTINGS, person, json={"enforceJobAuthScope": False})
    assert (answer.status_code, office.project.record.settings.enforceJobAuthScope) == (403, True)


def test_what_is_no_flag_is_refused(office: Office) -> None:
    answer = office.send("PATCH", SETTINGS, "admin", json={"enforceJobAuthScope": "no"})
    assert (answer.status_code, office.project.record.settings.enforceJobAuthScope) == (400, True)


def test_unknown_names_and_nulls_change_nothing(office: Office) -> None:
    before = office.send("GET", SETTINGS).json()
    answer = office.send("PATCH", SETTINGS, "admin", json={"other": True, "enforceSettableVar": None})
    assert answer.json() == before
