from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.projects.library import AgentQueue
from tests.sandbox.azure_devops.rest.office import Office

DEFINITIONS = "analytics/_apis/build/Definitions"


def body(office: Office, **changes: Any) -> dict[str, Any]:
    """What `az pipelines create` sends."""
    office.repository()
    record = office.project.repositories.record("churn")
    assert record is not None
    return {
        "name": "churn-cluster", "description": "The cluster", "process": {"yamlFilename": "cluster.yml", "type": 2},
        "repository": {"id": record.id, "name": "churn", "type": "tfsgit", "defaultBranch": "main"},
        "queue": {"id": office.project.library.queues[0].id},
        "triggers": [{"settingsSourceType": 2, "triggerType": 2}], **changes,
    }


def create(office: Office, **changes: Any) -> Any:
    return office.client("build").create_definition(body(office, **changes), "analytics")


def refused(office: Office, person: str = "anna", **changes: Any) -> tuple[int, str]:
    answer = office.send("POST", DEFINITIONS, person, json=body(office, **changes))
    return answer.status_code, answer.json()["typeKey"]


def test_client_creates_a_definition_as_the_service_normalises_it(office: Office) -> None:
    made = create(office)
    assert (made.id, made.revision, made.path, made.queue_status) == (1, 1, "\\", "enabled")
    assert (made.repository.type, made.repository.default_branch) == ("TfsGit", "refs/heads/main")
    assert made.job_authorization_scope == "projectCollection"
    assert made.triggers[0]["triggerType"] == "continuousIntegration"
    assert (made.process["yamlFilename"], made.process["type"]) == ("cluster.yml", 2)


def test_create_answers_200_with_its_uri(office: Office) -> None:
    answer = office.send("POST", DEFINITIONS, json=body(office))
    assert (answer.status_code, answer.json()["uri"]) == (200, "vstfs:///Build/Definition/1")


def test_creating_a_definition_queues_no_run(office: Office) -> None:
    create(office)
    assert office.organisation.runs.runs() == []


def test_a_definition_in_a_folder_has_a_leading_backslash(office: Office) -> None:
    assert create(office, path="products/churn").path == "\\products\\churn"


def test_the_same_name_in_another_folder_is_another_definition(office: Office) -> None:
    create(office)
    assert create(office, path="\\other").id == 2


@pytest.mark.parametrize(("changes", "expected"), [
    ({"name": ""}, (400, "ArgumentNullException")),
    ({"process": None}, (400, "ArgumentNullException")),
    ({"process": {"type": 2}}, (400, "ArgumentNullException")),
    ({"process": {"type": 1, "yamlFilename": "x.yml"}}, (400, "InvalidDefinitionException")),
    ({"repository": None}, (400, "ArgumentNullException")),
    ({"repository": {"type": "GitHub", "id": "x"}}, (400, "InvalidDefinitionException")),
    ({"repository": {"type": "TfsGit", "id": "nothing"}}, (404, "GitRepositoryNotFoundException")),
    ({"queue": {"id": 17}}, (404, "TaskAgentQueueNotFoundException")),
    ({"queueStatus": "off"}, (400, "InvalidDefinitionException")),
], ids=["no name", "no process", "no path", "classic", "no repository", "GitHub", "unknown", "queue", "status"])
def test_what_is_no_definition_is_refused(office: Office, changes: dict[str, Any], expected: tuple[int, str]) -> None:
    assert refused(office, **changes) == expected
    assert office.project.library.pipelines == []


def test_a_name_that_is_taken_is_refused_in_any_case(office: Office) -> None:
    create(office)
    answer = office.send("POST", DEFINITIONS, json=body(office, name="CHURN-cluster"))
    assert (answer.status_code, answer.json()["typeKey"]) == (409, "DefinitionExistsException")
    assert answer.json()["message"] == "Build pipeline CHURN-cluster already exists for project analytics"


def test_a_reader_may_not_create(office: Office) -> None:
    answer = office.send("POST", DEFINITIONS, "ben", json=body(office))
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("TF215106: Access denied. Ben Holm needs Create build pipeline")


@pytest.mark.parametrize(("query", "expected"), [
    ({}, ["churn-cluster", "churn-jobs"]),
    ({"name": "CHURN-jobs"}, ["churn-jobs"]),
    ({"name": "*-cluster"}, ["churn-cluster"]),
    ({"name": "churn"}, []),
    ({"path": "\\jobs"}, ["churn-jobs"]),
    ({"yaml_filename": "cluster.yml"}, ["churn-cluster", "churn-jobs"]),
    ({"yaml_filename": "other.yml"}, []),
    ({"definition_ids": [2]}, ["churn-jobs"]),
    ({"query_order": "definitionNameDescending"}, ["churn-jobs", "churn-cluster"]),
    ({"top": 1}, ["churn-cluster"]),
], ids=["all", "name", "star", "part of a name", "folder", "file", "other file", "numbers", "order", "top"])
def test_client_lists_by(office: Office, query: dict[str, Any], expected: list[str]) -> None:
    create(office)
    create(office, name="churn-jobs", path="\\jobs")
    assert [one.name for one in office.client("build").get_definitions("analytics", **query)] == expected


def test_client_lists_those_of_a_repository(office: Office) -> None:
    made = create(office)
    client = office.client("build")
    asked = {"repository_type": "TfsGit"}
    assert len(client.get_definitions("analytics", repository_id=made.repository.id, **asked)) == 1
    assert client.get_definitions("analytics", repository_id="another", **asked) == []


def test_a_repository_without_its_type_is_refused(office: Office) -> None:
    assert office.send("GET", DEFINITIONS, params={"repositoryId": "x"}).status_code == 400


def test_pages_follow_one_another(office: Office) -> None:
    for number in range(3):
        create(office, name=f"p{number}")
    first = office.send("GET", DEFINITIONS, params={"$top": 2})
    token = first.headers["x-ms-continuationtoken"]
    rest = office.send("GET", DEFINITIONS, params={"$top": 2, "continuationToken": token})
    names = [one["name"] for answer in (first, rest) for one in answer.json()["value"]]
    assert (names, "x-ms-continuationtoken" in rest.headers) == (["p0", "p1", "p2"], False)


def test_client_updates_the_current_revision(office: Office) -> None:
    made = create(office)
    made.process["yamlFilename"] = "/other.yml"
    changed = office.client("build").update_definition(made, "analytics", made.id)
    assert (changed.revision, changed.process["yamlFilename"], changed.description) == (2, "other.yml", "The cluster")


def test_an_update_that_says_nothing_of_the_queue_keeps_it(office: Office) -> None:
    office.project.library.put_queue(AgentQueue("Second"))
    made = create(office, queue={"id": office.project.library.queues[-1].id})
    made.queue = None
    assert office.client("build").update_definition(made, "analytics", made.id).queue.name == "Second"


def test_nobody_reads_a_secret_variable_back_and_an_update_keeps_it(office: Office) -> None:
    secret = {"key": {"value": "s3cret", "isSecret": True}, "open": {"value": "1"}}
    made = office.send("POST", DEFINITIONS, json=body(office, variables=secret)).json()
    assert made["variables"] == {"key": {"value": None, "isSecret": True}, "open": {"value": "1"}}
    office.send("PUT", f"{DEFINITIONS}/1", json=made)
    [pipeline] = office.project.library.pipelines
    assert (pipeline.revision, pipeline.document["variables"]["key"]["value"]) == (2, "s3cret")


@pytest.mark.parametrize(("revision", "status"), [(1, 409), (3, 404)], ids=["past", "future"])
def test_an_update_of_another_revision_is_refused(office: Office, revision: int, status: int) -> None:
    made = office.send("POST", DEFINITIONS, json=body(office)).json()
    office.send("PUT", f"{DEFINITIONS}/1", json=made)
    answer = office.send("PUT", f"{DEFINITIONS}/1", json={**made, "revision": revision})
    assert (answer.status_code, office.project.library.pipelines[0].revision) == (status, 2)


def test_an_update_with_another_number_is_refused(office: Office) -> None:
    made = office.send("POST", DEFINITIONS, json=body(office)).json()
    answer = office.send("PUT", f"{DEFINITIONS}/1", json={**made, "id": 0})
    assert answer.json()["message"] == "The request specifies pipeline ID 1 but the supplied pipeline has ID 0."


def test_an_update_may_not_take_a_name_of_another(office: Office) -> None:
    create(office)
    made = create(office, name="churn-jobs")
    made.name = "churn-cluster"
    answer = office.send("PUT", f"{DEFINITIONS}/2", json={**made.as_dict(), "id": 2, "revision": 1})
    assert answer.status_code == 409


def test_client_deletes(office: Office) -> None:
    create(office)
    office.client("build").delete_definition("analytics", 1)
    answer = office.send("GET", f"{DEFINITIONS}/1")
    assert (answer.status_code, answer.json()["message"]) == (404, "Build pipeline 1 was not found")


def test_delete_answers_204(office: Office) -> None:
    create(office)
    assert office.send("DELETE", f"{DEFINITIONS}/1").status_code == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_reader_changes_nothing(office: Office, method: str) -> None:
    made = office.send("POST", DEFINITIONS, json=body(office)).json()
    assert office.send(method, f"{DEFINITIONS}/1", "ben", json=made).status_code == 403
    assert office.project.library.pipelines[0].revision == 1
