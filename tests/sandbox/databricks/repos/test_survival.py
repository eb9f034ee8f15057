"""Git folders and credentials over a stop, and over a kill while git works."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.repos.git_folder import Switch
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.full_disk import unwritable
from tests.sandbox.databricks.repos.conftest import PATH, PROVIDER, TOKEN, Repos
from tests.sandbox.databricks.workspace_files.kills import again, everything_in, killed_before_it_answered, started


@pytest.fixture
def workspace(clock: FakeClock, tmp_path: Path) -> Workspace:
    return Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path / "dev")


@pytest.fixture
def mine(admin: Client, repos: Repos) -> Repos:
    """An administrator's, with a good credential."""
    mine = Repos(admin, repos.remote)
    mine.add_credential()
    return mine


def reopened(repos: Repos) -> Repos:
    workspace = again(repos.client.workspace)
    return Repos(Client(workspace, workspace.token), repos.remote)


def test_a_git_folder_goes_on_after_a_stop(mine: Repos) -> None:
    number = mine.created(sparse_checkout={"patterns": ["data"]})
    mine.remote.commit("refs/heads/other", README_md="other\n")
    mine.add_credential(name="second", is_default_for_provider=True)
    before = mine.get(number).body, mine.client.get("2.0/repos").body, mine.client.get("2.0/git-credentials").body
    after = reopened(mine)
    assert (after.get(number).body, after.client.get("2.0/repos").body,
            after.client.get("2.0/git-credentials").body) == before
    assert after.update(number, branch="other").body == {}
    assert (after.read("README.md"), after.get(number).body["branch"]) == ("other\n", "other")


def test_a_deleted_one_stays_away_with_all_its_files(mine: Repos) -> None:
    number = mine.created()
    mine.delete(number)
    after = reopened(mine)
    assert (after.get(number).status, after.create().status) == (404, 200)
    assert len(list((mine.client.workspace.state.folder / "git").iterdir())) == 1


def test_deleting_the_folder_above_deletes_git_s_own_files(mine: Repos) -> None:
    mine.created()
    mine.client.ask("POST", "2.0/workspace/delete", {"path": "/Repos/dev", "recursive": True})
    reopened(mine)
    folder = mine.client.workspace.state.folder
    assert [list((folder / name).iterdir()) for name in ("git", "journal")] == [[], []]


def test_one_that_a_full_disk_refused_to_delete_is_there_with_its_files(mine: Repos) -> None:
    number, folder = mine.created(), mine.client.workspace.state.folder
    before = mine.get(number).body, everything_in(folder / "files")
    with unwritable(mine.client.workspace.state.memory):
        assert mine.delete(number).status == 500
    assert (mine.get(number).body, everything_in(folder / "files")) == before
    assert mine.client.get("2.0/workspace/get-status", path=PATH).body["object_type"] == "REPO"


def test_one_that_a_full_disk_refused_to_make_is_not_there(mine: Repos) -> None:
    before = everything_in(mine.client.workspace.state.folder / "files")
    with unwritable(mine.client.workspace.state.memory):
        assert mine.create().status == 500
    left = everything_in(mine.client.workspace.state.folder / "files")
    assert (left, mine.client.get("2.0/repos").body) == (before, {})
    assert mine.client.post("2.0/workspace/mkdirs", path=PATH).status == 400
    assert mine.create().status == 200


@pytest.mark.parametrize("path", [PATH, "/Users/admin@example.test/churn"])
def test_one_that_was_never_answered_is_not_there(mine: Repos, path: str) -> None:
    folder = mine.client.workspace.state.folder
    before = everything_in(folder / "files")
    mine.client.workspace.close()
    [told] = killed_before_it_answered(folder, ("POST", "2.0/repos", {
        "url": mine.remote.url, "provider": PROVIDER, "path": path}))
    assert told.startswith("200"), told
    after = reopened(mine)
    left = {name for name in everything_in(folder / "files") if name.startswith(path[1:])}
    assert (left - before.keys(), list((folder / "git").iterdir())) == (set(), [])
    assert after.create(path).status == 200


def test_a_deletion_that_was_never_answered_did_not_happen(mine: Repos) -> None:
    number = mine.created()
    mine.client.workspace.close()
    killed_before_it_answered(mine.client.workspace.state.folder, ("DELETE", f"2.0/repos/{number}", {}))
    after = reopened(mine)
    assert (after.read("README.md"), after.update(number, branch="main").status) == ("one\n", 200)


@pytest.mark.parametrize("exists", [True, False], ids=["update", "create"])
def test_a_kill_while_git_talks_to_its_server_changes_nothing(mine: Repos, exists: bool) -> None:
    number = mine.created() if exists else 0
    mine.remote.commit("refs/heads/other", README_md="other\n")
    folder = mine.client.workspace.state.folder
    before = everything_in(folder / "files"), mine.get(number).body
    mine.client.workspace.close()
    ask = ("PATCH", f"2.0/repos/{number}", {"branch": "other"}) if exists else (
        "POST", "2.0/repos", {"url": mine.remote.url, "provider": PROVIDER, "path": PATH})
    with started(folder, ask) as process:
        mine.remote.asked.append(lambda _: process.kill())
        assert process.communicate()[0] == ""
    mine.remote.asked.clear()
    after = reopened(mine)
    assert (everything_in(folder / "files"), after.get(number).body) == before
    assert (after.update(number, branch="other") if exists else after.create()).status == 200


@pytest.fixture
def begun(mine: Repos) -> tuple[Repos, int]:
    """A Git folder that is about to go from `main` to `other`, with an edit of `data/a.csv` that nobody committed."""
    mine.remote.commit("refs/heads/other", README_md="other\n", new_txt="new\n")
    number = mine.created()
    mine.write("data/a.csv", "mine\n")
    return mine, number


def begin(repos: Repos, number: int, *, sparse: list[str] | None = None, discards: bool = False) -> None:
    """As an update does before git works."""
    state = repos.client.workspace.state
    with state.lock:
        folder = state.repos.get(number)
        tip = repos.remote.repository.refs()["refs/heads/other"]
        folder.switch = Switch(tip, "other", sparse or folder.sparse, discards=discards)
        state.repos.changed(folder)


def check_finished(repos: Repos, number: int, edited: str) -> None:
    tip = repos.remote.repository.refs()["refs/heads/other"]
    after = reopened(repos)
    assert (after.get(number).body["branch"], after.get(number).body["head_commit_id"]) == ("other", tip)
    assert [after.read(name) for name in ("README.md", "new.txt", "data/a.csv")] == ["other\n", "new\n", edited]
    assert after.update(number, branch="main").status == 200
    assert (after.read("README.md"), after.read("data/a.csv")) == ("one\n", edited)


def test_a_switch_that_had_not_begun_is_finished(begun: tuple[Repos, int]) -> None:
    begin(*begun)
    check_finished(*begun, edited="mine\n")


def test_a_switch_that_had_changed_some_files_is_finished(begun: tuple[Repos, int]) -> None:
    repos, number = begun
    begin(repos, number)
    state = repos.client.workspace.state
    (state.folder / "git" / state.repos.get(number).place / "git" / "index.lock").touch()
    state.files.tree.disk(f"{PATH}/README.md").write_text("oth")
    check_finished(repos, number, edited="mine\n")


def test_a_switch_that_was_done_and_not_recorded_is_recorded(begun: tuple[Repos, int]) -> None:
    repos, number = begun
    begin(repos, number)
    state = repos.client.workspace.state
    switch = state.repos.get(number).switch
    assert switch is not None
    state.repos.checkout(state.repos.get(number)).carry_out(switch)
    check_finished(repos, number, edited="mine\n")


@pytest.mark.parametrize(("edited", "discards", "free"), [
    ("data/a.csv", False, True), ("README.md", False, False), ("README.md", True, True)])
def test_a_switch_is_recorded_only_if_no_edit_is_in_its_way(
        mine: Repos, edited: str, discards: bool, free: bool) -> None:
    tip = mine.remote.commit("refs/heads/other", README_md="other\n")
    number = mine.created()
    mine.write(edited, "mine\n")
    state = mine.client.workspace.state
    checkout = state.repos.checkout(state.repos.get(number))
    assert checkout.is_free_for(Switch(tip, "other", discards=discards)) is free


def test_a_kill_right_after_git_is_no_loss(begun: tuple[Repos, int]) -> None:
    repos, number = begun
    repos.client.workspace.close()
    ask = ("PATCH", f"2.0/repos/{number}", {"branch": "other"})
    with started(repos.client.workspace.state.folder, ask, how="checkout") as process:
        assert process.communicate() == ("", "")
    check_finished(repos, number, edited="mine\n")


def test_a_kill_right_after_git_threw_edits_away_is_no_loss(begun: tuple[Repos, int]) -> None:
    repos, number = begun
    repos.write("README.md", "mine\n")
    repos.client.workspace.close()
    ask = ("PATCH", f"2.0/repos/{number}", {"branch": "other", "dangerously_force_discard_all": True})
    with started(repos.client.workspace.state.folder, ask, how="checkout") as process:
        assert process.communicate() == ("", "")
    check_finished(repos, number, edited="1\n")


def test_a_switch_that_threw_edits_away_throws_all_away(begun: tuple[Repos, int]) -> None:
    repos, number = begun
    repos.write("mine.txt", "mine\n")
    begin(repos, number, discards=True)
    check_finished(repos, number, edited="1\n")
    assert not repos.client.workspace.state.files.tree.disk(f"{PATH}/mine.txt").exists()


def test_a_sparse_checkout_stays_sparse(mine: Repos) -> None:
    mine.remote.commit("refs/heads/other", README_md="other\n", new_txt="new\n", **{"notebooks/x_py": "x"})
    number = mine.created(sparse_checkout={"patterns": ["data"]})
    begin(mine, number)
    check_finished(mine, number, edited="1\n")
    assert not reopened(mine).client.workspace.state.files.tree.disk(f"{PATH}/notebooks").exists()


@pytest.mark.parametrize("discards", [True, False])
def test_other_patterns_are_carried_out(mine: Repos, discards: bool) -> None:
    mine.remote.commit("refs/heads/other", README_md="other\n")
    number = mine.created(sparse_checkout={"patterns": ["data"]})
    begin(mine, number, sparse=["notebooks"], discards=discards)
    reopened(mine)
    disk = mine.client.workspace.state.files.tree.disk(PATH)
    assert [(disk / name).is_dir() for name in ("data", "notebooks")] == [False, True]


def test_a_half_made_checkout_is_cleared_away(mine: Repos) -> None:
    folder = mine.client.workspace.state.folder
    mine.created()
    place = mine.client.workspace.state.repos.new_place()
    (place / "files").mkdir()
    reopened(mine)
    assert (place.exists(), len(list((folder / "git").iterdir()))) == (False, 1)


def test_tokens_lie_in_the_state_file_alone(mine: Repos) -> None:
    mine.created()
    folder = mine.client.workspace.state.folder
    found = {path.name.partition("-")[0] for path in folder.rglob("*") if path.is_file()
             and TOKEN.encode() in path.read_bytes()}
    assert found == {"state.sqlite"}
