"""jobs/list: order, names, pages, what is left out."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, job, task
from tests.work import work_of


def ids(body: dict[str, Any]) -> list[int]:
    return [row["job_id"] for row in body.get("jobs", ())]


def test_newest_comes_first(admin: Client) -> None:
    created = [create_job(admin) for _ in range(3)]
    assert ids(admin.get("2.2/jobs/list").body) == created[::-1]


def test_list_follows_what_comes_and_changes_and_goes(admin: Client) -> None:
    one = create_job(admin)
    assert ids(admin.get("2.2/jobs/list").body) == [one]
    two = create_job(admin)
    admin.post("2.2/jobs/reset", job_id=one, new_settings=job(name="new"))
    body = admin.get("2.2/jobs/list", limit="2").body
    assert (ids(body), body["has_more"]) == ([two, one], False)
    admin.post("2.2/jobs/delete", job_id=two)
    assert ids(admin.get("2.2/jobs/list").body) == [one]


def test_name_is_exact_in_any_case(admin: Client) -> None:
    """E1: the filter by name is exact, in any case."""
    wanted = [create_job(admin, name=name) for name in ("Churn", "churn", "churn-2", "chur")][:2]
    assert ids(admin.get("2.2/jobs/list", name="CHURN").body) == wanted[::-1]


def test_name_is_found_after_a_change_and_not_under_the_old_one(admin: Client) -> None:
    job_id = create_job(admin)
    admin.post("2.2/jobs/reset", job_id=job_id, new_settings=job(name="New"))
    assert ids(admin.get("2.2/jobs/list", name="new").body) == [job_id]
    assert ids(admin.get("2.2/jobs/list", name="churn").body) == []


@pytest.mark.parametrize(("version", "empty", "more"), [
    ("2.0", [], []), ("2.1", ["has_more"], ["next_page_token", "prev_page_token"]),
    ("2.2", ["has_more"], ["next_page_token", "prev_page_token"])])
def test_list_without_jobs_is_left_out_and_2_0_knows_no_tokens(
        admin: Client, version: str, empty: list[str], more: list[str]) -> None:
    assert list(admin.get(f"{version}/jobs/list").body) == empty
    create_job(admin)
    assert sorted(admin.get(f"{version}/jobs/list").body) == ["has_more", "jobs", *more]


def test_filter_in_the_body_of_a_get_counts(admin: Client) -> None:
    """A3: a GET may filter by its JSON body."""
    wanted = create_job(admin, name="ours")
    create_job(admin, name="theirs")
    assert ids(admin.ask("GET", "2.1/jobs/list", {"name": "ours"}).body) == [wanted]


def test_tokens_lead_through_all_pages_and_back(admin: Client) -> None:
    """E4: tokens and `has_more` lead through the pages."""
    created = [create_job(admin) for _ in range(5)][::-1]
    first = admin.get("2.2/jobs/list", limit="2").body
    second = admin.get("2.2/jobs/list", limit="2", page_token=first["next_page_token"]).body
    third = admin.get("2.2/jobs/list", limit="2", page_token=second["next_page_token"]).body
    assert [ids(first), ids(second), ids(third)] == [created[:2], created[2:4], created[4:]]
    assert [page["has_more"] for page in (first, second, third)] == [True, True, False]
    assert (first["prev_page_token"], third["next_page_token"]) == ("", "")
    assert ids(admin.get("2.2/jobs/list", limit="2", page_token=third["prev_page_token"]).body) == created[2:4]


def test_page_does_not_shift_when_jobs_come_and_go(admin: Client) -> None:
    created = [create_job(admin) for _ in range(4)][::-1]
    token = admin.get("2.2/jobs/list", limit="2").body["next_page_token"]
    create_job(admin)
    admin.post("2.2/jobs/delete", job_id=created[1])
    assert ids(admin.get("2.2/jobs/list", limit="2", page_token=token).body) == created[2:]


@pytest.mark.parametrize(("version", "limit", "status", "rows"), [
    ("2.2", "100", 200, 100), ("2.2", "101", 400, 0), ("2.1", "25", 200, 25), ("2.1", "26", 400, 0),
    ("2.0", "100", 200, 100), ("2.0", "101", 400, 0),
    ("2.2", "0", 200, 100), ("2.1", "0", 200, 25), ("2.2", "-1", 400, 0), ("2.2", "many", 400, 0),
])
def test_limit(workspace: Workspace, admin: Client, version: str, limit: str, status: int, rows: int) -> None:
    """E4: at most 100 rows by 2.2, 25 by 2.1."""
    add_foreign_jobs(workspace.state, 120)
    reply = admin.get(f"{version}/jobs/list", limit=limit)
    assert (reply.status, len(reply.body.get("jobs", []))) == (status, rows)


def test_twenty_jobs_without_a_limit(workspace: Workspace, admin: Client) -> None:
    add_foreign_jobs(workspace.state, 21)
    assert len(admin.get("2.2/jobs/list").body["jobs"]) == 20


def test_endless_number_is_malformed(admin: Client) -> None:
    assert admin.get("2.2/jobs/list", limit="9" * 5000).code == "MALFORMED_REQUEST"


@pytest.mark.parametrize(("offset", "status"), [("1000", 200), ("1001", 400), ("-1", 400)])
def test_offset(admin: Client, offset: str, status: int) -> None:
    """E4: an offset above 1000 is refused."""
    assert admin.get("2.2/jobs/list", offset=offset).status == status


@pytest.mark.parametrize("token", ["x", "after-", "after-x", "after-" + "9" * 5000, "before-²"], ids=[
    "word", "no number", "letter", "long", "superscript"])
def test_foreign_token_is_refused(admin: Client, token: str) -> None:
    assert "page_token" in admin.get("2.2/jobs/list", page_token=token).message


@pytest.mark.parametrize(("expand", "shown"), [("false", False), ("true", True), ("True", True)])
def test_tasks_are_told_when_asked_for(admin: Client, expand: str, shown: bool) -> None:
    """E4: no tasks without `expand_tasks`."""
    create_job(admin, job_clusters=[{"job_cluster_key": "k", "new_cluster": NEW_CLUSTER}])
    settings = admin.get("2.2/jobs/list", expand_tasks=expand).body["jobs"][0]["settings"]
    assert ("tasks" in settings, "job_clusters" in settings) == (shown, shown)
    assert settings["name"] == "churn"


def test_list_shows_a_hundred_tasks_and_says_that_there_are_more(admin: Client) -> None:
    create_job(admin, tasks=[task(f"t{number}") for number in range(101)])
    create_job(admin)
    small, large = admin.get("2.2/jobs/list", expand_tasks="true").body["jobs"]
    assert (len(large["settings"]["tasks"]), large["has_more"], small["has_more"]) == (100, True, False)
    assert "has_more" not in admin.get("2.2/jobs/list").body["jobs"][0]
    assert "has_more" not in admin.get("2.1/jobs/list", expand_tasks="true").body["jobs"][0]


def test_stranger_sees_only_jobs_with_rights(admin: Client, stranger: Client) -> None:
    create_job(admin)
    seen = create_job(admin, access_control_list=[
        {"user_name": "stranger@example.test", "permission_level": "CAN_VIEW"}])
    assert ids(stranger.get("2.2/jobs/list").body) == [seen]


def test_one_job_is_found_without_looking_at_many(workspace: Workspace, admin: Client) -> None:
    wanted = create_job(admin)

    def ask() -> None:
        assert ids(admin.get("2.2/jobs/list", name="churn").body) == [wanted]
        assert admin.get("2.2/jobs/get", job_id=str(wanted)).status == 200

    among_few = work_of(ask)
    add_foreign_jobs(workspace.state, 20_000)
    assert work_of(ask) < among_few * 1.1


def test_one_who_sees_few_of_many_jobs_is_answered_without_looking_at_all(
        workspace: Workspace, admin: Client, stranger: Client) -> None:
    rights = [{"user_name": "stranger@example.test", "permission_level": "CAN_VIEW"}]
    wanted = [create_job(admin, access_control_list=rights) for _ in range(5)][::-1]
    add_foreign_jobs(workspace.state, 1_000, visible=False)
    among_some = work_of(lambda: stranger.get("2.2/jobs/list"))
    add_foreign_jobs(workspace.state, 20_000, visible=False)
    assert ids(stranger.get("2.2/jobs/list").body) == wanted
    assert work_of(lambda: stranger.get("2.2/jobs/list")) < among_some * 1.1
