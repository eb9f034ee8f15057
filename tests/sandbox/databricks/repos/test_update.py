"""Pitfalls F1 to F4 and F6 of Git folders."""
from __future__ import annotations

import shutil
import threading
import time

import pytest

from sandbox.databricks.repos.git import run_git
from sandbox.databricks.repos.git_folder import GitFolder
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.repos.conftest import PATH, Repos


def test_another_branch_is_checked_out(repos: Repos) -> None:
    """F3: head_commit_id changes after an update."""
    number = repos.created()
    tip = repos.remote.commit("refs/heads/feature/x", README_md="x\n")
    reply = repos.update(number, branch="feature/x")
    assert (reply.status, repos.read("README.md")) == (200, "x\n")
    body = repos.get(number).body
    assert (body["branch"], body["head_commit_id"]) == ("feature/x", tip)


def test_the_same_branch_is_brought_up_to_date(repos: Repos) -> None:
    """F3: also of the same branch."""
    number = repos.created()
    tip = repos.remote.commit(README_md="two\n")
    repos.update(number, branch="main")
    assert (repos.get(number).body["head_commit_id"], repos.read("README.md")) == (tip, "two\n")


def test_files_that_a_branch_has_not_are_gone(repos: Repos) -> None:
    repos.remote.commit("refs/heads/more", extra_txt="x")
    number = repos.created()
    repos.update(number, branch="more")
    repos.update(number, branch="main")
    assert not repos.client.workspace.state.files.tree.disk(f"{PATH}/extra.txt").exists()


def test_a_tag_leaves_no_branch(repos: Repos) -> None:
    """F2: a tag leaves a detached HEAD."""
    number = repos.created()
    tip = repos.remote.repository.refs()["refs/heads/main"]
    repos.remote.repository.point("refs/tags/v1.0", tip)
    repos.remote.commit(README_md="two\n")
    repos.update(number, branch="main")
    assert repos.update(number, tag="v1.0").status == 200
    body = repos.get(number).body
    assert ("branch" in body, body["head_commit_id"], repos.read("README.md")) == (False, tip, "one\n")


def test_a_moved_tag_is_fetched_anew(repos: Repos) -> None:
    number = repos.created()
    repos.remote.repository.point("refs/tags/v1", repos.remote.repository.refs()["refs/heads/main"])
    repos.update(number, tag="v1")
    tip = repos.remote.commit(README_md="two\n")
    repos.remote.repository.point("refs/tags/v1", tip)
    repos.update(number, tag="v1")
    assert repos.get(number).body["head_commit_id"] == tip


def test_a_rewritten_branch_is_followed(repos: Repos) -> None:
    number = repos.created()
    repos.remote.commit("refs/heads/other", README_md="rewritten\n")
    tip = repos.remote.repository.refs()["refs/heads/other"]
    repos.remote.repository.point("refs/heads/main", tip)
    repos.update(number, branch="main")
    assert repos.read("README.md") == "rewritten\n"


def test_a_branch_may_take_the_place_of_another_s_folder(repos: Repos) -> None:
    repos.remote.commit("refs/heads/a", README_md="a\n")
    number = repos.created()
    repos.update(number, branch="a")
    run_git("update-ref", "-d", "refs/heads/a", folder=repos.remote.repository.path)
    repos.remote.commit("refs/heads/a/b", README_md="a/b\n")
    assert (repos.update(number, branch="a/b").body, repos.read("README.md")) == ({}, "a/b\n")


def test_the_first_reads_after_an_update_may_be_stale(repos: Repos) -> None:
    repos.client.workspace.state.repos.stale_reads = 2
    number = repos.created()
    before = repos.get(number).body
    tip = repos.remote.commit(README_md="two\n")
    repos.update(number, branch="main")
    assert [repos.get(number).body, repos.get(number).body] == [before, before]
    assert repos.get(number).body["head_commit_id"] == tip


def test_a_folder_that_goes_while_git_works_is_an_error(repos: Repos) -> None:
    number = repos.created()
    tree = repos.client.workspace.state.files.tree
    repos.remote.asked.append(lambda _: shutil.rmtree(tree.disk(PATH), ignore_errors=True))
    reply = repos.update(number, branch="main")
    assert (reply.status, reply.code) == (400, "GIT_REMOTE_ERROR")


@pytest.mark.parametrize(("fields", "code"), [
    ({"branch": "main", "tag": "v1"}, "INVALID_PARAMETER_VALUE"), ({}, "INVALID_PARAMETER_VALUE"),
    ({"branch": "nope"}, "GIT_UNKNOWN_REF"), ({"tag": "nope"}, "GIT_UNKNOWN_REF"), ({"tag": "main"}, "GIT_UNKNOWN_REF"),
    ({"branch": "main^1"}, "GIT_UNKNOWN_REF"), ({"branch": "--force"}, "GIT_UNKNOWN_REF"),
    ({"branch": "a\0b"}, "GIT_UNKNOWN_REF"), ({"branch": "../../tags/v1"}, "GIT_UNKNOWN_REF"),
    ({"branch": "\ud800"}, "MALFORMED_REQUEST"), ({"sparse_checkout": {"patterns": ["a"]}}, "INVALID_PARAMETER_VALUE"),
], ids=["both", "neither", "branch", "tag", "branch as tag", "parent", "option", "nul", "path", "surrogate", "sparse"])
def test_what_cannot_be_checked_out_is_refused(repos: Repos, fields: dict[str, str], code: str) -> None:
    """F2, F3: branch and tag together, and names that do not exist, are errors and change nothing."""
    number = repos.created()
    before = repos.get(number).body
    reply = repos.update(number, **fields)
    assert (reply.status, reply.code, repos.get(number).body) == (400, code, before)


def test_local_edits_in_the_way_stop_the_switch(repos: Repos) -> None:
    """F2: local conflicts make the update fail."""
    repos.remote.commit("refs/heads/feature", README_md="theirs\n")
    number = repos.created()
    repos.write("README.md", "mine\n")
    reply = repos.update(number, branch="feature")
    assert (reply.status, reply.code) == (400, "GIT_CONFLICT")
    assert "README.md" in reply.message
    assert (repos.get(number).body["branch"], repos.read("README.md")) == ("main", "mine\n")


def test_a_new_file_in_the_way_stops_the_switch(repos: Repos) -> None:
    """F2: so does a new file in the way."""
    repos.remote.commit("refs/heads/feature", new_txt="theirs\n")
    number = repos.created()
    repos.write("new.txt", "mine\n")
    assert repos.update(number, branch="feature").code == "GIT_CONFLICT"
    assert repos.read("new.txt") == "mine\n"


def test_local_edits_elsewhere_are_kept(repos: Repos) -> None:
    """F2: edits that are in nobody's way stay."""
    repos.remote.commit("refs/heads/feature", README_md="theirs\n")
    number = repos.created()
    repos.write("data/a.csv", "mine\n")
    assert repos.update(number, branch="feature").status == 200
    assert (repos.read("README.md"), repos.read("data/a.csv")) == ("theirs\n", "mine\n")


def test_edits_are_thrown_away_only_on_demand(repos: Repos) -> None:
    """F2: the force flag throws edits away."""
    repos.remote.commit("refs/heads/feature", README_md="theirs\n", new_txt="theirs\n")
    number = repos.created()
    repos.write("README.md", "mine\n")
    repos.write("new.txt", "mine\n")
    assert repos.update(number, branch="feature", dangerously_force_discard_all=True).status == 200
    assert (repos.read("README.md"), repos.read("new.txt")) == ("theirs\n", "theirs\n")


def test_a_deleted_folder_is_gone_everywhere(repos: Repos) -> None:
    number = repos.created()
    assert repos.delete(number).body == {}
    reply = repos.get(number)
    assert (reply.status, reply.message) == (404, "Repo could not be found")
    assert not repos.client.workspace.state.files.tree.disk(PATH).exists()
    assert repos.created() != number


def test_deleting_it_as_a_file_of_the_workspace_deletes_the_git_folder(repos: Repos) -> None:
    number = repos.created()
    repos.client.ask("POST", "2.0/workspace/delete", {"path": PATH, "recursive": True})
    assert (repos.get(number).status, repos.update(number, branch="main").status) == (404, 404)
    assert repos.create().status == 200


@pytest.mark.parametrize("number", ["1", "x", "-1", "\u0661"])
def test_unknown_ids_are_404(repos: Repos, number: str) -> None:
    assert [repos.get(number).status, repos.update(number, branch="main").status, repos.delete(number).status] == [
        404, 404, 404]


def test_strangers_do_not_learn_of_it(repos: Repos, stranger: Client) -> None:
    number = repos.created()
    theirs = Repos(stranger, repos.remote)
    assert [theirs.get(number).status, theirs.update(number, branch="main").status, theirs.delete(number).status] == [
        404, 404, 404]


@pytest.mark.parametrize(("level", "statuses"), [("CAN_READ", [200, 403]), ("CAN_EDIT", [200, 403]),
                                                 ("CAN_MANAGE", [200, 200])])
def test_to_switch_needs_manage(repos: Repos, stranger: Client, level: str, statuses: list[int]) -> None:
    number = repos.created()
    repos.client.ask("PATCH", f"2.0/permissions/repos/{number}", {"access_control_list": [
        {"user_name": "stranger@example.test", "permission_level": level}]})
    theirs = Repos(stranger, repos.remote)
    theirs.add_credential()
    assert [theirs.get(number).status, theirs.update(number, branch="main").status] == statuses


def test_lists_are_read_page_by_page(repos: Repos) -> None:
    """F6: next_page_token is in the query and in the response."""
    add_many(repos, 23)
    first = repos.client.get("2.0/repos", path_prefix="/Repos/dev").body
    rest = repos.client.get("2.0/repos", path_prefix="/Repos/dev", next_page_token=first["next_page_token"]).body
    assert (len(first["repos"]), len(rest["repos"]), "next_page_token" in rest) == (20, 3, False)
    assert len({row["id"] for row in first["repos"] + rest["repos"]}) == 23


def add_many(repos: Repos, count: int) -> None:
    """Git folders that nobody cloned."""
    state = repos.client.workspace.state
    for number in range(count):
        path = f"/Repos/dev/r{number}"
        state.files.tree.make_directory(path)
        state.repos.add(GitFolder(number + 1, path, "http://127.0.0.1", "gitHub", f"place{number}"))


def test_lists_hold_what_one_manages_below_the_prefix(repos: Repos, admin: Client, stranger: Client) -> None:
    """F6: by default those below /Repos, and only those one manages."""
    repos.created()
    repos.created("/Users/owner@example.test/churn")
    seen = {prefix: [row["path"] for row in repos.client.get("2.0/repos", **prefix_of(prefix)).body.get("repos", [])]
            for prefix in ("", "/", "/Workspace", "/Repos/d", "/Users", "/Repos/x")}
    assert seen == {"": [PATH], "/": [PATH], "/Workspace": [PATH], "/Repos/d": [PATH], "/Repos/x": [],
                    "/Users": ["/Users/owner@example.test/churn"]}
    assert stranger.get("2.0/repos").body == {}
    rows = [admin.get("2.0/repos", **prefix_of(prefix)).body.get("repos", []) for prefix in ("", "/Repos/x", "/Users")]
    assert [[row["path"] for row in found] for found in rows] == [[PATH], [], ["/Users/owner@example.test/churn"]]


def test_what_one_may_only_read_is_not_listed_and_what_one_may_not_is_not_there(
        admin: Client, repos: Repos, stranger: Client) -> None:
    """F6: only those one manages."""
    number = repos.created()
    assert stranger.get(f"2.0/repos/{number}").message == "Repo could not be found"
    entry = {"user_name": "stranger@example.test", "permission_level": "CAN_READ"}
    admin.ask("PATCH", f"2.0/permissions/repos/{number}", {"access_control_list": [entry]})
    assert (stranger.get(f"2.0/repos/{number}").status, stranger.get("2.0/repos").body) == (200, {})


def test_lists_hold_what_one_manages_through_a_group_or_the_folder_itself(repos: Repos, stranger: Client) -> None:
    """F6: whatever gives the right."""
    first, second = repos.created(), repos.created("/Repos/dev/other")
    repos.created("/Repos/dev/third")
    grant(repos, first, user_name="stranger@example.test")
    grant(repos, second, group_name="users")
    assert [row["id"] for row in stranger.get("2.0/repos").body["repos"]] == [first, second]


def grant(repos: Repos, number: int, **principal: str) -> None:
    repos.client.ask("PATCH", f"2.0/permissions/repos/{number}", {"access_control_list": [
        {**principal, "permission_level": "CAN_MANAGE"}]})


def prefix_of(prefix: str) -> dict[str, str]:
    return {"path_prefix": prefix} if prefix else {}


def test_a_foreign_page_token_is_refused(repos: Repos) -> None:
    """F6: only tokens of its own."""
    assert repos.client.get("2.0/repos", next_page_token="x").code == "INVALID_PARAMETER_VALUE"


def test_many_updates_at_once_leave_one_of_them_whole(repos: Repos) -> None:
    tips = {name: repos.remote.commit(f"refs/heads/{name}", README_md=name, data_txt=name) for name in ("a", "b", "c")}
    number = repos.created()
    replies: list[int] = []
    threads = [threading.Thread(target=lambda name=name: replies.append(repos.update(number, branch=name).status))
               for name in [*tips, *tips]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    body = repos.get(number).body
    assert (replies, body["head_commit_id"]) == ([200] * 6, tips[body["branch"]])
    assert (repos.read("README.md"), repos.read("data.txt")) == (body["branch"], body["branch"])


def test_rights_on_a_file_end_when_git_takes_it_away(repos: Repos) -> None:
    repos.remote.commit("refs/heads/more", extra_txt="x")
    number = repos.created()
    repos.update(number, branch="more")
    first = repos.client.ask("GET", "2.0/workspace/get-status", query={"path": [f"{PATH}/extra.txt"]}).body["object_id"]
    repos.update(number, branch="main")
    assert repos.client.get(f"2.0/permissions/files/{first}").status == 403
    repos.update(number, branch="more")
    again = repos.client.ask("GET", "2.0/workspace/get-status", query={"path": [f"{PATH}/extra.txt"]}).body["object_id"]
    assert again != first


def test_one_that_was_deleted_while_another_update_ran_is_404(repos: Repos) -> None:
    number = repos.created()
    folder = repos.client.workspace.state.repos.get(number)
    replies: list[int] = []
    waiting = threading.Thread(target=lambda: replies.append(repos.update(number, branch="main").status))
    with folder.lock:
        waiting.start()
        time.sleep(0.05)
        with repos.client.workspace.state.lock:
            repos.client.workspace.state.repos.remove(folder)
    waiting.join()
    assert replies == [404]
