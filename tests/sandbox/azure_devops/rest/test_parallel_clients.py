"""Sixteen clients at once: nothing is lost, nothing is there twice, nobody waits for ever."""
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sandbox.azure_devops.security.namespaces import GIT, repository_token
from tests.sandbox.azure_devops.rest.office import Office

CLIENTS = 16
ZEROS = "0" * 40


def at_once(send: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(send, range(CLIENTS), timeout=60))


def push(office: Office, repository: str, branch: str) -> Any:
    change = {"changeType": "add", "item": {"path": "/a"}, "newContent": {"content": "a", "contentType": "rawtext"}}
    body = {"refUpdates": [{"name": f"refs/heads/{branch}", "oldObjectId": ZEROS}],
            "commits": [{"comment": "c", "changes": [change]}]}
    return office.send("POST", f"analytics/_apis/git/repositories/{repository}/pushes", "admin", json=body)


def test_pushes_to_several_repositories_have_numbers_of_their_own(office: Office) -> None:
    for number in range(4):
        office.repository(f"r{number}")
    answers = at_once(lambda number: push(office, f"r{number % 4}", f"b{number}"))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["pushId"] for one in answers}) == CLIENTS


def test_of_one_name_one_repository_is_made_and_its_creator_alone_is_its_master(office: Office) -> None:
    office.grant("anna", "CreateRepository")
    answers = at_once(lambda number: office.send("POST", "analytics/_apis/git/repositories",
                                                 "anna" if number % 2 else "admin", json={"name": "churn"}))
    assert sorted(one.status_code for one in answers) == [201] + [409] * (CLIENTS - 1)


def test_definitions_environments_and_groups_are_all_kept_under_different_numbers(office: Office) -> None:
    office.repository("churn", {"a.yml": b"steps: []"})
    bodies: dict[str, dict[str, Any]] = {
        "build/definitions": {"process": {"yamlFilename": "a.yml", "type": 2},
                              "repository": {"name": "churn", "type": "tfsgit"}},
        "distributedtask/environments": {},
        "distributedtask/variablegroups": {"variables": {"a": {"value": "b"}}}}

    def create(number: int) -> list[tuple[int, int]]:
        answers = [office.send("POST", f"analytics/_apis/{area}", "admin", json={**body, "name": f"n{number}"})
                   for area, body in bodies.items()]
        return [(one.status_code, one.json()["id"]) for one in answers]

    for made in zip(*at_once(create), strict=True):
        assert {status for status, _ in made} == {200}
        assert len({number for _, number in made}) == CLIENTS


def test_permissions_of_one_resource_given_at_once_all_count(office: Office) -> None:
    office.repository("churn", {"a.yml": b"steps: []"})
    pipelines = [office.project.library.add_pipeline(f"p{number}", "churn", "a.yml").id for number in range(CLIENTS)]
    made = office.send("POST", "analytics/_apis/distributedtask/environments", "admin", json={"name": "prod"}).json()
    area = f"analytics/_apis/pipelines/pipelinePermissions/environment/{made['id']}"
    at_once(lambda number: office.send("PATCH", area, "admin", json={
        "pipelines": [{"id": pipelines[number], "authorized": True}]}))
    assert [one["id"] for one in office.send("GET", area, "admin").json()["pipelines"]] == pipelines


def test_of_many_repositories_one_gets_the_new_name(office: Office) -> None:
    for number in range(CLIENTS):
        office.repository(f"r{number}", {"a": b"1"})
    wanted = {"name": "churn", "defaultBranch": "main"}
    answers = at_once(lambda number: office.send("PATCH", f"analytics/_apis/git/repositories/r{number}", "admin",
                                                 json=wanted))
    assert sorted(one.status_code for one in answers) == [200] + [409] * (CLIENTS - 1)


def test_permissions_taken_while_others_are_given_both_count(office: Office) -> None:
    token, anna, ben = repository_token(office.project.id), office.member("anna"), office.member("ben")
    bits = [1 << number for number in range(1, CLIENTS + 1)]
    office.organisation.access.grant(GIT, token, anna, allow=sum(bits))

    def change(number: int) -> None:
        office.send("DELETE", f"_apis/Permissions/{GIT.id}/{bits[number]}", "admin",
                    params={"token": token, "descriptor": anna.descriptor})
        office.organisation.access.grant(GIT, token, ben, allow=bits[number])

    at_once(change)
    entries = office.organisation.access.get(GIT, token).entries
    assert (entries[anna.descriptor].allow & sum(bits), entries[ben.descriptor].allow & sum(bits)) == (0, sum(bits))
