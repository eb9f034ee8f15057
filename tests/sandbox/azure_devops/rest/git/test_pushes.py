from __future__ import annotations

import base64
from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import NO_COMMIT, BareRepository
from sandbox.azure_devops.policies.configuration import MINIMUM_REVIEWERS, Configuration
from tests.sandbox.azure_devops.person import Person
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/pushes"
MAIN = "refs/heads/main"


@pytest.fixture
def churn(office: Office) -> BareRepository:
    return office.repository("churn", {"a.txt": b"1", "dir/b.txt": b"2"})


def change(kind: str, path: str, content: str = "x", **more: Any) -> dict[str, Any]:
    new = {} if kind == "delete" else {"newContent": {"content": content, "contentType": "rawtext"}}
    return {"changeType": kind, "item": {"path": path}, **new, **more}


def push(office: Office, old: str, *changes: dict[str, Any], branch: str = MAIN, person: str = "anna",
         comment: str = "Change") -> Any:
    body = {"refUpdates": [{"name": branch, "oldObjectId": old}], "commits": [{"comment": comment, "changes": changes}]}
    return office.send("POST", PATH, person, json=body)


def test_client_pushes_files_to_an_existing_branch(office: Office, churn: BareRepository) -> None:
    old = churn.refs()[MAIN]
    made = office.client("git").create_push(
        {"refUpdates": [{"name": MAIN, "oldObjectId": old}],
         "commits": [{"comment": "Add", "changes": [change("add", "/new/ü #1.txt", "é\n")]}]}, "churn", "analytics")
    new = churn.refs()[MAIN]
    assert (made.ref_updates[0].old_object_id, made.commits[0].commit_id) == (old, new)
    assert churn.read(new, "new/ü #1.txt") == "é\n".encode()
    assert churn.read(new, "a.txt") == b"1"


def test_answer_is_201_and_names_the_pusher(office: Office, churn: BareRepository) -> None:
    answer = push(office, churn.refs()[MAIN], change("add", "/n"))
    assert answer.status_code == 201
    assert answer.json()["pushedBy"]["uniqueName"] == "anna@example.com"
    assert answer.json()["commits"][0]["author"]["email"] == "anna@example.com"


def test_first_commit_of_an_empty_repository_makes_its_default_branch(office: Office) -> None:
    office.repository("churn")
    push(office, NO_COMMIT, change("add", "/a"), branch="refs/heads/trunk")
    assert office.client("git").get_repository("churn", "analytics").default_branch == "refs/heads/trunk"


def test_new_branch_stands_on_the_commit_named(office: Office, churn: BareRepository) -> None:
    base = churn.refs()[MAIN]
    answer = push(office, base, change("add", "/n"), branch="refs/heads/setup")
    assert answer.json()["commits"][0]["parents"] == [base]
    assert answer.json()["refUpdates"][0]["oldObjectId"] == NO_COMMIT
    assert churn.refs()[MAIN] == base


def test_edit_delete_and_rename_in_one_commit(office: Office, churn: BareRepository) -> None:
    answer = push(office, churn.refs()[MAIN], change("edit", "/a.txt", "new"),
                  {"changeType": "rename", "sourceServerItem": "/dir/b.txt", "item": {"path": "/c.txt"}})
    new = answer.json()["commits"][0]["commitId"]
    assert (churn.read(new, "a.txt"), churn.read(new, "c.txt"), churn.read(new, "dir/b.txt")) == (b"new", b"2", None)
    last = push(office, new, change("delete", "/c.txt")).json()["commits"][0]["commitId"]
    assert churn.read(last, "c.txt") is None


def test_base64_content_is_decoded(office: Office, churn: BareRepository) -> None:
    content = {"content": base64.b64encode(b"\0\xff").decode(), "contentType": "base64Encoded"}
    push(office, churn.refs()[MAIN], {**change("add", "/bin"), "newContent": content})
    assert churn.read(churn.refs()[MAIN], "bin") == b"\0\xff"


def test_stale_push_is_409_and_changes_nothing(office: Office, churn: BareRepository) -> None:
    old = churn.refs()[MAIN]
    push(office, old, change("add", "/first"))
    answer = push(office, old, change("add", "/second"))
    assert (answer.status_code, answer.json()["typeKey"]) == (409, "GitReferenceStaleException")
    assert answer.json()["message"] == ("TF401028: The reference 'refs/heads/main' has already been updated by another "
                                        "client, so you cannot update it. Please try again.")


def test_add_never_overwrites_and_the_push_is_atomic(office: Office, churn: BareRepository) -> None:
    old = churn.refs()[MAIN]
    answer = push(office, old, change("add", "/new.txt"), change("add", "/a.txt"))
    assert answer.status_code == 400
    assert answer.json()["message"] == ("The path '/a.txt' specified in the add operation already exists. Please "
                                        "specify a new path.")
    assert churn.refs()[MAIN] == old


REFUSED = {
    "file in place of a folder": (change("add", "/dir"), 400),
    "folder in place of a file": (change("add", "/a.txt/x"), 400),
    "edit of nothing": (change("edit", "/no.txt"), 404),
    "delete of nothing": (change("delete", "/no.txt"), 404),
    "above the root": (change("add", "/../x"), 400),
    "git's own folder": (change("add", "/.git/config"), 400),
    "git's own folder in capitals": (change("add", "/dir/.GIT/hooks/x"), 400),
    "empty part": (change("add", "/a//b"), 400),
    "backslash": (change("add", "/a\\b"), 400),
    "line break": (change("add", "/a\nb"), 400),
    "no path": (change("add", "/"), 400),
    "no content": ({"changeType": "add", "item": {"path": "/x"}}, 400),
    "no base64": ({**change("add", "/x"), "newContent": {"content": "%", "contentType": "base64encoded"}}, 400),
    "unknown kind": (change("merge", "/x"), 400),
}


@pytest.mark.parametrize(("refused", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_change_that_does_not_fit_is_refused(office: Office, churn: BareRepository, refused: dict[str, Any],
                                             status: int) -> None:
    before = churn.refs()
    assert push(office, before[MAIN], refused).status_code == status
    assert churn.refs() == before


def test_same_path_twice_is_refused(office: Office, churn: BareRepository) -> None:
    assert push(office, churn.refs()[MAIN], change("add", "/x"), change("add", "/x")).status_code == 400


def test_unknown_base_is_500_as_on_the_service(office: Office, churn: BareRepository) -> None:
    assert churn.refs()
    answer = push(office, "1" * 40, change("add", "/x"), branch="refs/heads/new")
    assert (answer.status_code, answer.json()["typeKey"]) == (500, "GitObjectDoesNotExistException")


def test_branch_inside_a_branch_is_refused(office: Office, churn: BareRepository) -> None:
    answer = push(office, churn.refs()[MAIN], change("add", "/x"), branch="refs/heads/main/x")
    assert answer.status_code == 409


@pytest.mark.parametrize("name", ["main", "refs/heads/a..b", "refs/pull/1/merge"])
def test_push_goes_to_branches_only(office: Office, churn: BareRepository, name: str) -> None:
    assert push(office, churn.refs()[MAIN], change("add", "/x"), branch=name, person="admin").status_code == 400


@pytest.mark.parametrize(("branch", "permission"), [(MAIN, "GenericContribute"), ("refs/heads/x", "CreateBranch")])
def test_reader_is_told_which_permission_is_missing(office: Office, churn: BareRepository, branch: str,
                                                    permission: str) -> None:
    answer = push(office, churn.refs()[MAIN], change("add", "/x"), branch=branch, person="ben")
    assert answer.status_code == 403
    assert answer.json()["message"].startswith(f"TF401027: You need the Git '{permission}' permission to perform")


def protect(office: Office, branch: str = MAIN) -> None:
    record = office.project.repositories.record("churn")
    assert record is not None
    scope = [{"repositoryId": record.id, "refName": branch, "matchKind": "Exact"}]
    office.organisation.repos.policies.put(Configuration(
        0, office.project.id, MINIMUM_REVIEWERS, blocking=True, enabled=True, settings={"scope": scope}))


def test_protected_branch_takes_no_push(office: Office, churn: BareRepository) -> None:
    protect(office)
    answer = push(office, churn.refs()[MAIN], change("add", "/x"))
    assert (answer.status_code, answer.json()["typeKey"]) == (403, "GitRefUpdateRejectedByPolicyException")
    assert answer.json()["message"].startswith("TF402455: Pushes to this branch are not permitted;")


def test_whoever_is_exempt_from_policies_pushes_to_a_protected_branch(office: Office, churn: BareRepository) -> None:
    protect(office)
    office.grant("admin", "PolicyExempt")
    assert push(office, churn.refs()[MAIN], change("add", "/x"), person="admin").status_code == 201


def test_push_over_rest_starts_pipelines_unless_told_to_skip(office: Office, churn: BareRepository) -> None:
    office.project.library.add_pipeline("ci", "churn", "ci.yml")
    pipeline = "trigger: [main]\nsteps: [{script: 'true'}]\n"
    first = push(office, churn.refs()[MAIN], change("add", "/ci.yml", pipeline)).json()["commits"][0]["commitId"]
    push(office, first, change("edit", "/ci.yml", pipeline + "# \n"), comment="Tidy [skip ci]")
    assert office.organisation.runs.wait(60)
    assert [run.order.commit for run in office.organisation.runs.runs()] == [first]


def test_pushes_are_listed_newest_first_with_their_refs(office: Office, churn: BareRepository) -> None:
    base = churn.refs()[MAIN]
    push(office, base, change("add", "/x"))
    push(office, base, change("add", "/x"), branch="refs/heads/side")
    assert [one.push_id for one in office.client("git").get_pushes("churn", "analytics")] == [2, 1]
    rows = office.send("GET", f"{PATH}?searchCriteria.refName={MAIN}&searchCriteria.includeRefUpdates=true").json()
    assert [one["refUpdates"][0]["oldObjectId"] for one in rows["value"]] == [base]


def test_one_push_is_read_by_its_number(office: Office, churn: BareRepository) -> None:
    push(office, churn.refs()[MAIN], change("add", "/x"))
    assert office.send("GET", f"{PATH}/1").json()["refUpdates"][0]["name"] == MAIN
    assert office.send("GET", f"{PATH}/2").status_code == 404


def test_git_sees_what_was_pushed_over_rest(office: Office, churn: BareRepository, tmp_path: Any) -> None:
    push(office, churn.refs()[MAIN], change("add", "/n.txt", "new\n"))
    Person(tmp_path).git("clone", "-q", office.git_url("churn"), "clone")
    assert (tmp_path / "clone/n.txt").read_text(encoding="utf-8") == "new\n"
