from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.azure_devops.identities.accounts import Scope
from tests.sandbox.azure_devops.rest.office import Office

ODD_NAMES = ["it's", "a b", "a#b&c", "100%", 'say "x"', "ünïcode-日本", "x" * 200]


def test_client_sees_an_empty_repository_without_default_branch(office: Office) -> None:
    office.repository("churn")
    [found] = office.client("git").get_repositories("analytics")
    assert (found.name, found.default_branch, found.is_disabled) == ("churn", None, False)


def test_repository_is_found_by_name_in_any_case_and_by_id(office: Office) -> None:
    office.repository("Churn", {"a": b"1"})
    client = office.client("git")
    found = client.get_repository("churn", "Analytics")
    assert client.get_repository(found.id, "analytics").default_branch == "refs/heads/main"
    assert client.get_repository(found.id).name == "Churn"


def test_remote_url_has_the_organisation_as_its_user(office: Office) -> None:
    office.repository("my repo")
    url = office.send("GET", "analytics/_apis/git/repositories/my%20repo").json()["remoteUrl"]
    assert url == office.host.replace("://", "://brickline@") + "/brickline/analytics/_git/my%20repo"


def test_unknown_repository_is_named(office: Office) -> None:
    answer = office.send("GET", "analytics/_apis/git/repositories/nothing")
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "GitRepositoryNotFoundException")
    assert answer.json()["message"].startswith("TF401019: The Git repository with name or identifier nothing")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_work(office: Office, name: str) -> None:
    made = office.client("git", "admin").create_repository({"name": name}, "analytics")
    assert office.client("git").get_repository(name, "analytics").id == made.id


def test_creating_answers_201(office: Office) -> None:
    answer = office.send("POST", "analytics/_apis/git/repositories", "admin", json={"name": "new"})
    assert (answer.status_code, answer.json()["name"]) == (201, "new")


@pytest.mark.parametrize(("person", "name", "status", "key"), [
    ("anna", "new", 403, "GitNeedsPermissionException"),
    ("admin", "CHURN", 409, "GitRepositoryNameAlreadyExistsException"),
    ("admin", "a/b", 400, "InvalidGitRepositoryNameException"),
    ("admin", "", 400, "InvalidGitRepositoryNameException"),
], ids=["no permission", "name taken", "slash", "empty"])
def test_repository_that_cannot_be_made(office: Office, person: str, name: str, status: int, key: str) -> None:
    office.repository("churn")
    answer = office.send("POST", "analytics/_apis/git/repositories", person, json={"name": name})
    assert (answer.status_code, answer.json()["typeKey"]) == (status, key)


def test_default_branch_is_changed(office: Office) -> None:
    repository = office.repository("churn", {"a": b"1"})
    repository.point("refs/heads/dev", repository.refs()["refs/heads/main"])
    changed = office.client("git", "admin").update_repository({"defaultBranch": "refs/heads/dev"}, "churn", "analytics")
    assert changed.default_branch == "refs/heads/dev"


def test_default_branch_must_exist(office: Office) -> None:
    office.repository("churn", {"a": b"1"})
    answer = patch(office, {"defaultBranch": "refs/heads/nothing"})
    assert answer.status_code == 400


def test_disabled_repository_is_listed_and_holds_nothing(office: Office) -> None:
    office.repository("churn", {"a": b"1"})
    assert patch(office, {"isDisabled": True}).json()["isDisabled"] is True
    assert [one.is_disabled for one in office.client("git").get_repositories("analytics")] == [True]
    assert office.send("GET", "analytics/_apis/git/repositories/churn/refs").status_code == 404


def test_renamed_repository_keeps_its_id_and_frees_its_name(office: Office) -> None:
    office.repository("churn", {"a": b"1"})
    renamed = patch(office, {"name": "attrition"}).json()
    fresh = office.send("POST", "analytics/_apis/git/repositories", "admin", json={"name": "churn"}).json()
    assert fresh["id"] != renamed["id"]
    assert "defaultBranch" not in fresh
    assert office.client("git").get_repository("attrition", "analytics").default_branch == "refs/heads/main"


def test_pipelines_follow_a_renamed_repository(office: Office) -> None:
    office.repository("churn", {"a": b"1"})
    office.project.library.add_pipeline("ci", "churn", "ci.yml")
    patch(office, {"name": "attrition"})
    assert [one.repository for one in office.project.library.pipelines] == ["attrition"]


def test_token_of_a_run_does_not_reach_other_repositories(office: Office) -> None:
    office.repository("churn")
    scope = Scope(office.project.id, frozenset({"another"}))
    with office.organisation.accounts.lent(office.member("anna").identity, scope) as token:
        for path, status in (("", 200), ("/churn", 401), ("/churn/refs", 401)):
            answer = requests.get(f"{office.url}/analytics/_apis/git/repositories{path}", auth=("", token), timeout=30)
            assert answer.status_code == status
            assert path or answer.json()["value"] == []


def test_deleted_repository_is_gone(office: Office) -> None:
    office.repository("churn")
    answer = office.send("DELETE", "analytics/_apis/git/repositories/churn", "admin")
    assert (answer.status_code, answer.content) == (204, b"")
    assert office.client("git").get_repositories("analytics") == []


@pytest.mark.parametrize("change", [{"isDisabled": True}, {"name": "x"}, {"defaultBranch": "refs/heads/main"}],
                         ids=["disable", "rename", "default branch"])
def test_contributor_may_not_change_a_repository(office: Office, change: dict[str, Any]) -> None:
    office.repository("churn", {"a": b"1"})
    answer = patch(office, change, "anna")
    assert (answer.status_code, answer.json()["typeKey"]) == (403, "GitNeedsPermissionException")


def patch(office: Office, change: dict[str, Any], person: str = "admin") -> Any:
    return office.send("PATCH", "analytics/_apis/git/repositories/churn", person, json=change)
