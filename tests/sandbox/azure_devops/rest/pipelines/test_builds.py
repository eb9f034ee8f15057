from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.azure_devops.security.namespaces import BUILD, build_token
from tests.sandbox.azure_devops.rest.office import Office, furnished
from tests.sandbox.azure_devops.rest.plant import BUILDS, Plant, until

SAY = """
    parameters: [{name: word, type: string, default: nothing}]
    steps: [{checkout: none}, {bash: 'echo "said $WORD $FLAG"', env: {WORD: '${{ parameters.word }}'}}]
    """
LONG = "steps: [{checkout: none}, {bash: sleep 60}]"


def reasons(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    status, body = answer
    return status, body["ValidationResults"][0]["message"]


def test_client_queues_a_run_of_the_default_branch_in_its_own_name(plant: Plant) -> None:
    made = plant.queue()
    assert (made.id, made.status in ("notStarted", "inProgress"), made.reason) == (1, True, "manual")
    assert (made.source_branch, made.requested_for.unique_name) == ("refs/heads/main", "anna@example.com")
    plant.finish()
    build = plant.office.client("build").get_build("analytics", 1)
    assert (build.status, build.result, build.definition.name) == ("completed", "succeeded", "churn-cluster")
    assert build.build_number.endswith(".1")


def test_queueing_answers_200_in_any_case_of_the_path(plant: Plant) -> None:
    assert plant.post()[0] == 200


def test_a_run_of_another_branch_and_an_older_commit(plant: Plant) -> None:
    old = plant.commit("steps: [{checkout: none}]", branch="feature/x")
    plant.commit("steps: []", branch="feature/x")
    made = plant.queue(sourceBranch="feature/x", sourceVersion=old)
    assert (made.source_branch, made.source_version) == ("refs/heads/feature/x", old)


def test_parameters_reach_the_run(plant: Plant) -> None:
    plant.commit(SAY)
    made = plant.queue(templateParameters={"word": "yes"})
    plant.finish()
    assert "said yes" in "".join(plant.office.client("build").get_build_log_lines("analytics", made.id, 2))
    assert made.template_parameters == {"word": "yes"}


@pytest.mark.parametrize(("fields", "expected"), [
    ({"sourceBranch": "nothing"}, "Unable to resolve the reference 'refs/heads/nothing' to a specific version"),
    ({"sourceVersion": "abc"}, "An object ID must be 40 characters long"),
    ({"sourceVersion": "a" * 40}, "TF401174"),
    ({"templateParameters": {"other": "x"}}, "Unexpected parameter 'other'"),
    ({"parameters": json.dumps({"flag": "x"})}, "You can't set the following variables (flag)."),
], ids=["branch", "short commit", "commit", "parameter", "variable"])
def test_a_run_that_cannot_start_is_not_queued(plant: Plant, fields: dict[str, Any], expected: str) -> None:
    status, message = reasons(plant.post(**fields))
    assert (status, message.find(expected) >= 0) == (400, True)
    assert plant.office.organisation.runs.runs() == []


def test_client_says_that_the_yaml_is_wrong(plant: Plant) -> None:
    plant.commit("steps: [{nothing: 1}]")
    with pytest.raises(Exception, match="Could not queue the build because there were validation errors"):
        plant.queue()


def test_variables_that_are_settable_reach_the_run(plant: Plant) -> None:
    plant.commit(SAY)
    definition = plant.office.client("build").get_definition("analytics", plant.pipeline.id)
    definition.variables = {"flag": {"value": "low", "allowOverride": True}}
    plant.office.client("build").update_definition(definition, "analytics", plant.pipeline.id)
    made = [plant.queue(), plant.queue(parameters=json.dumps({"flag": "high"}))]
    plant.finish()
    logs = ["".join(plant.office.client("build").get_build_log_lines("analytics", one.id, 2)) for one in made]
    assert ["said nothing low" in logs[0], "said nothing high" in logs[1]] == [True, True]


def test_a_reader_may_not_queue(plant: Plant) -> None:
    status, body = plant.post("ben")
    assert (status, body["message"][:78]) == (
        403, "TF215106: Access denied. Ben Holm needs Queue builds permissions for build pip")


def test_parameters_need_the_right_to_edit_the_queue_configuration(plant: Plant) -> None:
    office = plant.office
    bits = BUILD.bits["EditPipelineQueueConfigurationPermission"]
    token = build_token(office.project.id, plant.pipeline.id)
    office.organisation.access.grant(BUILD, token, office.member("anna"), deny=bits)
    assert plant.post(templateParameters={"word": "x"})[0] == 403
    assert plant.post()[0] == 200


def test_a_paused_pipeline_takes_no_run(plant: Plant) -> None:
    office = plant.office
    definition = office.send("GET", f"analytics/_apis/build/definitions/{plant.pipeline.id}").json()
    office.send("PUT", f"analytics/_apis/build/definitions/{plant.pipeline.id}",
                json={**definition, "queueStatus": "disabled"})
    assert reasons(plant.post()) == (400, "The build pipeline churn-cluster is disabled.")


def test_a_pipeline_of_a_disabled_repository_takes_no_run(plant: Plant) -> None:
    plant.office.project.disable_repository("churn")
    assert "could not be retrieved" in reasons(plant.post())[1]


def test_unknown_definitions_and_builds_are_404(plant: Plant) -> None:
    assert plant.office.send("POST", BUILDS, json={"definition": {"id": 9}}).status_code == 404
    assert plant.office.send("GET", f"{BUILDS}/9").json()["typeKey"] == "BuildNotFoundException"


def test_client_cancels_a_run(plant: Plant) -> None:
    plant.commit(LONG)
    made = plant.queue()
    until(lambda: plant.office.client("build").get_build("analytics", made.id).status == "inProgress")
    changed = plant.office.client("build").update_build({"status": "cancelling"}, "analytics", made.id)
    assert changed.status == "cancelling"
    plant.finish()
    assert plant.office.client("build").get_build("analytics", made.id).result == "canceled"


def test_a_reader_may_not_cancel_and_nothing_else_can_be_set(plant: Plant) -> None:
    plant.run()
    cancel = {"status": "cancelling"}
    assert plant.office.send("PATCH", f"{BUILDS}/1", "ben", json=cancel).status_code == 403
    assert plant.office.send("PATCH", f"{BUILDS}/1", json=cancel).status_code == 400
    assert plant.office.send("PATCH", f"{BUILDS}/1", json={"keepForever": True}).status_code == 400


def test_runs_of_earlier_processes_are_still_answered(plant: Plant) -> None:
    plant.run()
    before = plant.office.send("GET", f"{BUILDS}/1").json()
    plant.office.organisation.close()
    again, _ = furnished(plant.office.organisation.folder)
    again.address = plant.office.host
    record = again.runs.record(1)
    assert record is not None
    assert (record.result, record.number, record.requested_for.email) == (
        "succeeded", before["buildNumber"], "anna@example.com")
    assert [one.kind for one in again.work.timeline(1)][:2] == ["Stage", "Phase"]
    again.close()


@pytest.mark.parametrize(("query", "expected"), [
    ({}, [3, 2, 1]),
    ({"query_order": "queueTimeAscending"}, [1, 2, 3]),
    ({"branch_name": "refs/heads/x"}, [2]),
    ({"definitions": [2]}, [3]),
    ({"result_filter": "failed"}, [3]),
    ({"result_filter": "succeeded,failed"}, [3, 2, 1]),
    ({"status_filter": "inProgress"}, []),
    ({"reason_filter": "manual"}, [3, 2, 1]),
    ({"reason_filter": "pullRequest"}, []),
    ({"build_ids": [1, 3]}, [3, 1]),
    ({"max_builds_per_definition": 1}, [3, 2]),
    ({"requested_for": "ben@example.com"}, []),
    ({"top": 1}, [3]),
], ids=["all", "order", "branch", "definition", "result", "results", "status", "reason", "other reason", "ids", "most",
        "person", "top"])
def test_client_lists_by(plant: Plant, query: dict[str, Any], expected: list[int]) -> None:
    plant.commit("steps: [{checkout: none}]", branch="x")
    plant.run()
    plant.run("x")
    plant.commit("steps: [{checkout: none}, {bash: exit 1}]", path="bad.yml", branch="bad")
    plant.pipeline = plant.office.project.library.add_pipeline("bad", "churn", "bad.yml")
    plant.run("bad")
    assert [one.id for one in plant.office.client("build").get_builds("analytics", **query)] == expected


@pytest.mark.parametrize("order", ["queueTimeDescending", "queueTimeAscending", "finishTimeDescending"])
def test_pages_follow_one_another_by_a_time(plant: Plant, order: str) -> None:
    for _ in range(5):
        plant.run()
    found: list[int] = []
    query = {"$top": "2", "queryOrder": order}
    while True:
        answer = plant.office.send("GET", BUILDS, params=query)
        found += [one["id"] for one in answer.json()["value"]]
        if "x-ms-continuationtoken" not in answer.headers:
            break
        query["continuationToken"] = answer.headers["x-ms-continuationtoken"]
    assert found == ([1, 2, 3, 4, 5] if order.endswith("Ascending") else [5, 4, 3, 2, 1])


def test_times_limit_the_field_of_the_order(office: Office, plant: Plant) -> None:
    plant.run()
    office.clock.advance(3600)
    plant.run()
    earliest = office.send("GET", f"{BUILDS}/2").json()["queueTime"]
    found = office.send("GET", BUILDS, params={"minTime": earliest}).json()["value"]
    assert [one["id"] for one in found] == [2]


def test_a_number_is_never_given_out_again(plant: Plant) -> None:
    plant.run()
    plant.office.client("build").delete_definition("analytics", plant.pipeline.id)
    again = plant.office.project.library.add_pipeline("other", "churn", "cluster.yml")
    assert again.id == plant.pipeline.id + 1
