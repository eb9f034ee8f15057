from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.commits import commit_record
from tests.sandbox.azure_devops.person import Person
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/pullRequests"
TOPIC, MAIN = "refs/heads/topic", "refs/heads/main"


@pytest.fixture
def anna(office: Office, tmp_path: Path) -> Person:
    """Her clone: `topic` has two commits, `main` one more than it began with; all is pushed, `topic` by her."""
    office.repository("churn", {"a.txt": b"1\n"})
    Person(tmp_path).git("clone", "-q", office.git_url("churn"), "clone")
    person = Person(tmp_path / "clone")
    person.git("checkout", "-q", "-b", "topic")
    for number in (1, 2):
        person.commit(f"{number}.txt", "x", f"Number {number}")
    person.git("checkout", "-q", "main")
    person.commit("m.txt", "x", "On main")
    person.git("push", "-q", "origin", "main", "topic")
    return person


@pytest.fixture
def churn(office: Office, anna: Person) -> BareRepository:
    assert anna.folder.exists()
    return office.project.repositories["churn"]


def create(office: Office, person: str = "anna", **more: Any) -> Any:
    asked = {"sourceRefName": TOPIC, "targetRefName": MAIN, "title": "Topic", **more}
    return office.send("POST", PATH, person, json=asked)


def change(office: Office, person: str = "anna", number: int = 1, **fields: Any) -> Any:
    return office.send("PATCH", f"{PATH}/{number}", person, json=fields)


def read(office: Office, number: int = 1) -> Any:
    return office.send("GET", f"{PATH}/{number}").json()


def complete(office: Office, person: str = "anna", **options: Any) -> Any:
    commit = read(office)["lastMergeSourceCommit"]
    return change(office, person, status="completed", lastMergeSourceCommit=commit, completionOptions=options)


@pytest.mark.usefixtures("churn")
def test_creation_is_201_and_the_merge_is_tried_afterwards(office: Office) -> None:
    answer = create(office)
    assert (answer.status_code, answer.json()["status"], answer.json()["mergeStatus"]) == (201, "active", "queued")
    assert read(office)["mergeStatus"] == "succeeded"


def test_client_creates_and_completes(office: Office, churn: BareRepository) -> None:
    client = office.client("git")
    asked = {"sourceRefName": TOPIC, "targetRefName": MAIN, "title": "T"}
    made = client.create_pull_request(asked, "churn", "analytics")
    queued = client.update_pull_request(
        {"status": "completed", "lastMergeSourceCommit": {"commitId": made.last_merge_source_commit.commit_id}},
        "churn", made.pull_request_id, "analytics")
    assert (queued.status, queued.merge_status) == ("active", "queued")
    done = client.get_pull_request_by_id(made.pull_request_id)
    assert (done.status, done.last_merge_commit.commit_id) == ("completed", churn.refs()[MAIN])
    assert done.closed_by.unique_name == "anna@example.com"


def test_tried_merge_can_be_fetched(office: Office, churn: BareRepository, anna: Person) -> None:
    create(office)
    anna.git("fetch", "-q", "origin", "refs/pull/1/merge")
    assert anna.git("rev-parse", "FETCH_HEAD^2").strip() == churn.refs()[TOPIC]


@pytest.mark.parametrize(("strategy", "parents", "subject"), [
    ("noFastForward", 2, "Merged PR 1: Topic"), ("squash", 1, "Merged PR 1: Topic"),
    ("rebase", 1, "Number 2"), ("rebaseMerge", 2, "Merged PR 1: Topic"),
])
def test_strategy_shapes_the_history(office: Office, churn: BareRepository, strategy: str, parents: int,
                                     subject: str) -> None:
    create(office)
    before = churn.refs()[TOPIC]
    assert complete(office, mergeStrategy=strategy).status_code == 200
    tip = churn.refs()[MAIN]
    record = commit_record(churn, tip)
    assert (len(record.parents), record.message) == (parents, subject)
    assert [churn.read(tip, path) for path in ("1.txt", "2.txt", "m.txt")] == [b"x", b"x", b"x"]
    assert (churn.refs()[TOPIC] != before) == strategy.startswith("rebase")


def test_conflict_keeps_the_pull_request_open(office: Office, churn: BareRepository, anna: Person) -> None:
    anna.git("checkout", "-q", "topic")
    anna.commit("m.txt", "other")
    anna.git("push", "-q", "origin", "topic")
    create(office)
    assert read(office)["mergeStatus"] == "conflicts"
    main = churn.refs()[MAIN]
    complete(office)
    assert (read(office)["status"], churn.refs()[MAIN]) == ("active", main)


def test_own_source_branch_is_deleted_on_completion(office: Office, churn: BareRepository) -> None:
    create(office)
    complete(office, deleteSourceBranch=True)
    assert TOPIC not in churn.refs()


def test_source_branch_of_somebody_else_stays_without_a_word(office: Office, churn: BareRepository) -> None:
    create(office)
    contributors = office.organisation.directory.find("[analytics]\\Contributors")
    assert contributors is not None
    office.organisation.directory.join(office.member("ben"), contributors)
    assert complete(office, "ben", deleteSourceBranch=True).status_code == 200
    assert (read(office)["status"], TOPIC in churn.refs()) == ("completed", True)


@pytest.mark.usefixtures("churn")
def test_second_active_pull_request_for_the_same_branches_is_409(office: Office) -> None:
    create(office)
    answer = create(office)
    assert (answer.status_code, answer.json()["typeKey"]) == (409, "GitPullRequestExistsException")
    assert answer.json()["message"] == ("TF401179: An active pull request for the source and target branch already "
                                        "exists.")


REFUSED = {
    "unknown source": ({"sourceRefName": "refs/heads/no"}, 400, "GitPullRequestCannotBeActivated"),
    "same branch": ({"sourceRefName": MAIN}, 400, "InvalidArgumentValueException"),
    "no title": ({"title": " "}, 400, "InvalidArgumentValueException"),
    "description too long": ({"description": "x" * 4001}, 400, "InvalidArgumentValueException"),
    "unknown reviewer": ({"reviewers": [{"id": "no"}]}, 400, "InvalidArgumentValueException"),
}


@pytest.mark.usefixtures("churn")
@pytest.mark.parametrize(("fields", "status", "key"), REFUSED.values(), ids=REFUSED.keys())
def test_pull_request_that_cannot_be_made(office: Office, fields: dict[str, Any], status: int, key: str) -> None:
    answer = create(office, **fields)
    assert (answer.status_code, answer.json()["typeKey"]) == (status, key)


@pytest.mark.usefixtures("churn")
def test_whoever_may_not_contribute_to_pull_requests_is_told(office: Office) -> None:
    office.grant("ben", "PullRequestContribute", deny=True)
    assert "'PullRequestContribute'" in create(office, "ben").json()["message"]


@pytest.mark.usefixtures("churn")
def test_completion_names_the_commit_it_saw(office: Office, anna: Person) -> None:
    create(office)
    seen = read(office)["lastMergeSourceCommit"]
    anna.git("checkout", "-q", "topic")
    anna.commit("3.txt", "x")
    anna.git("push", "-q", "origin", "topic")
    answer = change(office, status="completed", lastMergeSourceCommit=seen)
    assert (answer.status_code, answer.json()["message"].split(":")[0]) == (409, "TF401192")
    assert change(office, status="completed").status_code == 400


@pytest.mark.usefixtures("churn")
def test_draft_is_not_completed(office: Office) -> None:
    create(office, isDraft=True)
    assert complete(office).status_code == 400
    change(office, isDraft=False)
    assert complete(office).status_code == 200


@pytest.mark.usefixtures("churn")
def test_abandoned_one_comes_back(office: Office) -> None:
    create(office)
    assert change(office, status="abandoned").json()["status"] == "abandoned"
    assert complete(office).status_code == 400
    assert change(office, status="active").json()["mergeStatus"] == "queued"
    assert read(office)["mergeStatus"] == "succeeded"


@pytest.mark.usefixtures("churn")
def test_completed_one_is_not_edited(office: Office) -> None:
    create(office)
    complete(office)
    assert change(office, title="New").json()["message"].startswith("TF401181")


@pytest.mark.usefixtures("churn")
def test_list_shows_active_ones_with_short_descriptions(office: Office) -> None:
    create(office, description="d" * 500)
    client = office.client("git")
    [found] = client.get_pull_requests("churn", criteria(), "analytics")
    assert (found.status, len(found.description)) == ("active", 400)
    complete(office)
    assert client.get_pull_requests("churn", criteria(), "analytics") == []
    [done] = client.get_pull_requests_by_project("analytics", criteria(status="all"))
    assert done.status == "completed"


def criteria(**fields: Any) -> Any:
    return importlib.import_module("azure.devops.v7_1.git.models").GitPullRequestSearchCriteria(**fields)


def test_client_that_does_not_escape_names_finds_the_wrong_branch(office: Office, churn: BareRepository) -> None:
    churn.point("refs/heads/a", churn.refs()[TOPIC])
    churn.point("refs/heads/a&b", churn.refs()[TOPIC])
    create(office, sourceRefName="refs/heads/a")
    [found] = office.client("git").get_pull_requests("churn", criteria(source_ref_name="refs/heads/a&b"), "analytics")
    assert found.source_ref_name == "refs/heads/a"


def test_pages_of_pull_requests(office: Office, churn: BareRepository) -> None:
    for name in ("x", "y", "z"):
        churn.point(f"refs/heads/{name}", churn.refs()[TOPIC])
        create(office, sourceRefName=f"refs/heads/{name}")
    rows = office.send("GET", f"{PATH}?$skip=1&$top=1").json()["value"]
    assert [one["sourceRefName"] for one in rows] == ["refs/heads/y"]


def test_query_finds_what_brought_a_commit(office: Office, churn: BareRepository) -> None:
    create(office)
    complete(office)
    merge, own = churn.refs()[MAIN], churn.refs()[TOPIC]
    queries = [{"type": "lastMergeCommit", "items": [merge]}, {"type": "commit", "items": [own]}]
    rows = office.client("git").get_pull_request_query({"queries": queries}, "churn", "analytics").results
    assert [list(one) for one in rows] == [[merge], [own]]


def test_completion_starts_pipelines_of_the_target(office: Office, churn: BareRepository, anna: Person) -> None:
    anna.git("checkout", "-q", "topic")
    anna.commit("ci.yml", "trigger: [main]\nsteps: [{script: 'true'}]\n")
    anna.git("push", "-q", "origin", "topic")
    office.project.library.add_pipeline("ci", "churn", "ci.yml")
    create(office)
    complete(office)
    assert office.organisation.runs.wait(60)
    [run] = office.organisation.runs.runs()
    assert (run.order.ref, run.order.commit) == (MAIN, churn.refs()[MAIN])


@pytest.mark.usefixtures("churn")
@pytest.mark.parametrize("number", ["7", "x"])
def test_unknown_pull_request_is_404(office: Office, number: str) -> None:
    assert office.send("GET", f"{PATH}/{number}").json()["typeKey"] == "GitPullRequestNotFoundException"


def test_commits_of_a_pull_request_are_those_of_its_source(office: Office, churn: BareRepository) -> None:
    create(office)
    found = office.client("git").get_pull_request_commits("churn", 1, "analytics")
    assert [one.comment for one in found] == ["Number 2", "Number 1"]
    assert found[0].commit_id == churn.refs()[TOPIC]
