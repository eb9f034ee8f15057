"""What every answer has around its content, whatever the area."""
from __future__ import annotations

import re
import uuid

import pytest
import requests

from tests.sandbox.azure_devops.rest.office import Office

REPOSITORIES = "analytics/_apis/git/repositories"
JSON = "application/json; charset=utf-8"


def test_lists_count_what_they_hold(office: Office) -> None:
    for name in ("churn", "returns"):
        office.repository(name)
    answer = office.send("GET", REPOSITORIES).json()
    assert (set(answer), answer["count"], len(answer["value"])) == ({"count", "value"}, 2, 2)


@pytest.mark.parametrize(("accept", "query", "kind"), [
    ("application/json", "7.1", f"{JSON}; api-version=7.1"),
    ("application/json;api-version=7.1-preview.1", "", f"{JSON}; api-version=7.1-preview.1"),
    ("application/json", "", JSON), ("application/json", "7.1\r\nX: y", JSON),
], ids=["query", "accept", "none", "no version"])
def test_json_names_the_version_asked_for(office: Office, accept: str, query: str, kind: str) -> None:
    params = {"api-version": query} if query else {}
    answer = office.send("GET", REPOSITORIES, params=params, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize("path", [REPOSITORIES, "_apis/projects/nothing"], ids=["answer", "refusal"])
@pytest.mark.parametrize("name", ["ActivityId", "X-TFS-Session", "X-VSS-E2EID"])
def test_every_answer_can_be_told_to_support(office: Office, path: str, name: str) -> None:
    assert uuid.UUID(office.send("GET", path).headers[name])


def test_times_have_seven_digits_after_the_second(office: Office) -> None:
    made = office.send("POST", "analytics/_apis/distributedtask/environments", "admin", json={"name": "prod"}).json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", made["createdOn"])


def test_refusal_has_the_keys_of_the_service_and_its_code_in_the_message_only(office: Office) -> None:
    body = office.send("GET", "_apis/projects/nothing").json()
    assert body.pop("message").startswith("TF200016: The following project does not exist: nothing. Verify")
    key = "ProjectDoesNotExistWithNameException"
    assert body == {"$id": "1", "innerException": None, "typeKey": key, "errorCode": 0, "eventId": 3000,
                    "typeName": f"Microsoft.TeamFoundation.{key}, Microsoft.TeamFoundation"}


def test_unknown_route_is_404_in_plain_text(office: Office) -> None:
    answer = office.send("GET", "analytics/_apis/nothing")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (404, "text/plain")
    assert re.match("The controller for path '/.*' was not found", answer.text)


def test_wrong_token_is_401_without_content(office: Office) -> None:
    answer = requests.get(f"{office.url}/{REPOSITORIES}", auth=("", "wrong"), timeout=20)
    assert (answer.status_code, answer.content, "Content-Type" in answer.headers) == (401, b"", False)
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="https://tfsprod')


def test_any_user_name_goes_with_a_token_and_a_bearer_needs_none(office: Office) -> None:
    url, token = f"{office.url}/{REPOSITORIES}", office.token("anna")
    assert requests.get(url, auth=("somebody", token), timeout=20).status_code == 200
    assert requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=20).status_code == 200
