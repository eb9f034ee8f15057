from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import NO_COMMIT, BareRepository
from sandbox.azure_devops.git.git_process import run_git
from sandbox.azure_devops.security.namespaces import GIT
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/refs"
OTHER = "1" * 40


@pytest.fixture
def churn(office: Office) -> BareRepository:
    """The administrator may rewrite history."""
    office.grant("admin", "ForcePush")
    return office.repository("churn", {"a.txt": b"1"})


def tip(churn: BareRepository, branch: str = "main") -> str:
    return churn.refs()[f"refs/heads/{branch}"]


def branches(churn: BareRepository, *names: str) -> None:
    for name in names:
        churn.point(f"refs/heads/{name}", tip(churn))


def update(office: Office, name: str, old: str, new: str, person: str = "anna") -> str:
    [result] = office.client("git", person).update_refs(
        [{"name": name, "oldObjectId": old, "newObjectId": new}], "churn", "analytics")
    assert result.success == (result.update_status in {"succeeded", "succeededNonExistentRef"})
    return str(result.update_status)


def create(office: Office, churn: BareRepository, name: str, person: str = "anna") -> str:
    return update(office, f"refs/heads/{name}", NO_COMMIT, tip(churn), person)


def test_filter_is_a_beginning_of_the_name(office: Office, churn: BareRepository) -> None:
    branches(churn, "feature/a", "feature/ab", "fix")
    found = office.client("git").get_refs("churn", "analytics", filter="heads/feature/a")
    assert [one.name for one in found] == ["refs/heads/feature/a", "refs/heads/feature/ab"]


@pytest.mark.usefixtures("churn")
def test_filter_that_fits_nothing_gives_an_empty_list(office: Office) -> None:
    assert office.send("GET", f"{PATH}?filter=heads/nothing").json() == {"count": 0, "value": []}


def test_pages_follow_each_other(office: Office, churn: BareRepository) -> None:
    branches(churn, "a", "b", "ü")
    names, token = [], "refs/"
    while token:
        answer = office.send("GET", PATH, params={"$top": 1, "filter": "heads/", "continuationToken": token})
        names += [one["name"] for one in answer.json()["value"]]
        token = answer.headers.get("x-ms-continuationtoken", "")
    assert names == ["refs/heads/a", "refs/heads/b", "refs/heads/main", "refs/heads/ü"]


def test_annotated_tag_is_peeled_on_demand(office: Office, churn: BareRepository) -> None:
    commit = tip(churn)
    tag = f"object {commit}\ntype commit\ntag v1\ntagger A <a@b.c> 0 +0000\n\nm\n"
    made = run_git("mktag", folder=churn.path, stdin=tag.encode()).decode().strip()
    churn.point("refs/tags/v1", made)
    [found] = office.client("git").get_refs("churn", "analytics", filter="tags/", peel_tags=True)
    assert (found.object_id, found.peeled_object_id) == (made, commit)


def test_branch_is_made_with_its_creator(office: Office, churn: BareRepository) -> None:
    assert create(office, churn, "feature/x") == "succeeded"
    [found] = office.client("git").get_refs("churn", "analytics", filter="heads/feature/x")
    assert (found.object_id, found.creator.unique_name) == (tip(churn), "anna@example.com")


def test_creator_may_delete_the_branch(office: Office, churn: BareRepository) -> None:
    create(office, churn, "feature/x")
    assert update(office, "refs/heads/feature/x", tip(churn), NO_COMMIT) == "succeeded"
    assert "refs/heads/feature/x" not in churn.refs()


def test_branch_of_somebody_else_is_not_deleted(office: Office, churn: BareRepository) -> None:
    create(office, churn, "feature/x", "admin")
    assert update(office, "refs/heads/feature/x", tip(churn), NO_COMMIT) == "forcePushRequired"
    assert "refs/heads/feature/x" in churn.refs()


def test_deletion_of_a_branch_that_moved_is_stale(office: Office, churn: BareRepository) -> None:
    create(office, churn, "x")
    assert update(office, "refs/heads/x", OTHER, NO_COMMIT) == "staleOldObjectId"
    assert "refs/heads/x" in churn.refs()


CASES = {
    "nothing to delete": ("refs/heads/no", OTHER, NO_COMMIT, "admin", "succeededNonExistentRef"),
    "bad name": ("refs/heads/a..b", NO_COMMIT, "tip", "admin", "invalidRefName"),
    "no ref": ("main", NO_COMMIT, "tip", "admin", "invalidRefName"),
    "exists": ("refs/heads/main", NO_COMMIT, "tip", "admin", "staleOldObjectId"),
    "inside a branch": ("refs/heads/main/x", NO_COMMIT, "tip", "admin", "refNameConflict"),
    "unknown commit": ("refs/heads/x", NO_COMMIT, OTHER, "admin", "unresolvableToCommit"),
    "reader creates": ("refs/heads/x", NO_COMMIT, "tip", "ben", "createBranchPermissionRequired"),
    "reader tags": ("refs/tags/x", NO_COMMIT, "tip", "ben", "createTagPermissionRequired"),
    "reader writes": ("refs/heads/main", "tip", "tip", "ben", "writePermissionRequired"),
    "reader notes": ("refs/notes/x", NO_COMMIT, "tip", "ben", "manageNotePermissionRequired"),
    "default branch": ("refs/heads/main", "tip", NO_COMMIT, "admin", "rejectedByPlugin"),
}


@pytest.mark.parametrize(("name", "old", "new", "person", "status"), CASES.values(), ids=CASES.keys())
def test_outcome_of_one_ref(office: Office, churn: BareRepository, name: str, old: str, new: str, person: str,
                            status: str) -> None:
    before, ids = churn.refs(), {"tip": tip(churn)}
    assert update(office, name, ids.get(old, old), ids.get(new, new), person) == status
    assert churn.refs() == before


def test_history_is_only_left_behind_with_force_push(office: Office, churn: BareRepository) -> None:
    create(office, churn, "x", "admin")
    other = office.repository("churn", {"b.txt": b"2"}).refs()["refs/heads/main"]
    old = tip(churn, "x")
    update(office, "refs/heads/x", old, other, "admin")
    assert update(office, "refs/heads/x", other, old) == "forcePushRequired"
    assert update(office, "refs/heads/x", other, old, "admin") == "succeeded"


def test_each_ref_has_its_own_outcome_and_the_answer_is_200(office: Office, churn: BareRepository) -> None:
    rows = [{"name": f"refs/heads/{name}", "oldObjectId": NO_COMMIT, "newObjectId": tip(churn)}
            for name in ("new", "main", "newer")]
    answer = office.send("POST", PATH, json=rows)
    assert answer.status_code == 200
    assert [one["updateStatus"] for one in answer.json()["value"]] == ["succeeded", "staleOldObjectId", "succeeded"]


@pytest.mark.parametrize("body", [[], {}, [{"name": "refs/heads/x"}],
                                  [{"name": "refs/heads/x", "oldObjectId": "12", "newObjectId": "12"}]],
                         ids=["nothing", "no list", "no ids", "short ids"])
@pytest.mark.usefixtures("churn")
def test_body_that_is_no_update_is_refused(office: Office, body: Any) -> None:
    assert office.send("POST", PATH, json=body).status_code == 400


def lock(office: Office, branch: str, *, locked: bool, person: str = "anna") -> Any:
    return office.send("PATCH", f"{PATH}?filter=heads/{branch}", person, json={"isLocked": locked})


def test_locked_branch_moves_for_its_locker_only(office: Office, churn: BareRepository) -> None:
    create(office, churn, "x")
    answer = lock(office, "x", locked=True)
    assert (answer.status_code, answer.json()["isLocked"]) == (200, True)
    assert answer.json()["isLockedBy"]["uniqueName"] == "anna@example.com"
    assert update(office, "refs/heads/x", tip(churn, "x"), NO_COMMIT, "admin") == "locked"
    assert update(office, "refs/heads/x", tip(churn, "x"), NO_COMMIT) == "succeeded"


def test_unlocked_ref_says_nothing_of_locks(office: Office, churn: BareRepository) -> None:
    create(office, churn, "x", "admin")
    lock(office, "x", locked=True, person="admin")
    assert lock(office, "x", locked=False).status_code == 403
    assert "isLocked" not in lock(office, "x", locked=False, person="admin").json()


def test_reader_may_not_lock(office: Office, churn: BareRepository) -> None:
    create(office, churn, "x")
    assert lock(office, "x", locked=True, person="ben").json()["typeKey"] == "GitNeedsPermissionException"


@pytest.mark.usefixtures("churn")
def test_branch_that_is_not_there_cannot_be_locked(office: Office) -> None:
    assert lock(office, "nothing", locked=True).status_code == 404


@pytest.mark.parametrize("name", ["it's", "a#b&c", "100%", 'say"x"', "ünï/日本", "x" * 200])
def test_odd_branch_names_work(office: Office, churn: BareRepository, name: str) -> None:
    assert create(office, churn, name) == "succeeded"
    [found] = office.client("git").get_refs("churn", "analytics", filter=f"heads/{name}")
    assert found.name == f"refs/heads/{name}"


def test_permission_on_a_folder_counts_for_the_branches_in_it(office: Office, churn: BareRepository) -> None:
    create(office, churn, "feature/x", "admin")
    record = office.project.repositories.record("churn")
    assert record is not None
    token = f"repoV2/{office.project.id}/{record.id}/refs/heads/{'feature'.encode('utf-16-le').hex()}"
    office.organisation.access.grant(GIT, token, office.member("anna"), allow=GIT.bits["ForcePush"])
    assert update(office, "refs/heads/feature/x", tip(churn), NO_COMMIT) == "succeeded"
