from __future__ import annotations

import threading

import pytest

from sandbox.databricks.repos.git import run_git
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.repos.conftest import FILES, OWNER, PATH, Remote, Repos


def test_a_git_folder_is_a_real_checkout_of_the_default_branch(repos: Repos) -> None:
    reply = repos.create()
    tip = repos.remote.repository.refs()["refs/heads/main"]
    assert reply.body == {"id": reply.body["id"], "path": PATH, "url": repos.remote.url, "branch": "main",
                          "provider": "azureDevOpsServices", "head_commit_id": tip}
    assert {name: repos.read(name) for name in FILES} == FILES


def test_the_default_branch_is_the_remote_s(repos: Repos) -> None:
    repos.remote.commit("refs/heads/trunk", README_md="trunk\n")
    (repos.remote.repository.path / "HEAD").write_text("ref: refs/heads/trunk\n")
    assert (repos.create().body["branch"], repos.read("README.md")) == ("trunk", "trunk\n")


def test_git_s_own_folder_is_not_in_the_workspace(repos: Repos) -> None:
    repos.created()
    rows = repos.client.ask("GET", "2.0/workspace/list", query={"path": [PATH]}).body["objects"]
    assert {row["path"]: row["object_type"] for row in rows} == {
        f"{PATH}/README.md": "FILE", f"{PATH}/notebooks": "DIRECTORY", f"{PATH}/data": "DIRECTORY"}


@pytest.mark.parametrize(("path", "kind"), [(PATH, "REPO"), (f"/Users/{OWNER}/churn", "DIRECTORY")])
def test_get_status_says_repo_below_repos_only(repos: Repos, path: str, kind: str) -> None:
    """F5: get-status says REPO below /Repos, DIRECTORY elsewhere."""
    number = repos.created(path)
    status = repos.client.ask("GET", "2.0/workspace/get-status", query={"path": [path]}).body
    assert (status["object_type"], status["object_id"]) == (kind, number)


def test_without_a_path_it_lies_in_the_caller_s_folder(repos: Repos) -> None:
    assert repos.create(None).body["path"] == f"/Repos/{OWNER}/churn"


def test_the_folder_above_must_exist(repos: Repos) -> None:
    """F4: the parent folder must exist."""
    reply = repos.create("/Repos/no/churn")
    assert (reply.status, reply.code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert reply.message == "Parent directory /Repos/no does not exist."


def test_a_taken_path_is_refused(repos: Repos) -> None:
    """F4: a taken path is a conflict."""
    repos.created()
    reply = repos.create()
    assert (reply.status, reply.code) == (400, "RESOURCE_ALREADY_EXISTS")
    assert f"Repo {PATH} already exists." in reply.message


@pytest.mark.parametrize("path", ["/Repos/churn", "/Repos/dev/a/churn", "/churn", "/Shared/x"])
def test_the_shape_of_the_path_is_held(repos: Repos, path: str) -> None:
    """F4: below /Repos the path is /Repos/<folder>/<name>."""
    assert repos.create(path).code == "INVALID_PARAMETER_VALUE"


def test_one_needs_manage_on_the_folder_above(repos: Repos, stranger: Client) -> None:
    theirs = Repos(stranger, repos.remote)
    theirs.add_credential()
    assert theirs.create().code in {"PERMISSION_DENIED", "RESOURCE_DOES_NOT_EXIST"}


def test_who_only_reads_the_folder_above_puts_nothing_there(
        admin: Client, repos: Repos, stranger: Client) -> None:
    number = admin.ask("GET", "2.0/workspace/get-status", query={"path": ["/Repos/dev"]}).body["object_id"]
    entry = {"user_name": "stranger@example.test", "permission_level": "CAN_READ"}
    admin.ask("PATCH", f"2.0/permissions/directories/{number}", {"access_control_list": [entry]})
    theirs = Repos(stranger, repos.remote)
    theirs.add_credential()
    assert theirs.create().code == "PERMISSION_DENIED"
    assert repos.create().status == 200


def test_a_git_folder_in_another_one_is_not_modelled(repos: Repos) -> None:
    above = f"/Users/{OWNER}/churn"
    repos.created(above)
    assert repos.create(f"{above}/data/inner").status == 501


@pytest.mark.parametrize(("fields", "told"), [
    ({"url": ""}, "Missing required field: url"), ({"provider": ""}, "Missing required field: provider"),
    ({"provider": "svn"}, "Unsupported Git provider 'svn'"), ({"url": "file:///etc"}, "must be the http or https"),
    ({"url": "--upload-pack=touch /tmp/x"}, "must be the http or https"), ({"url": "http://["}, "not a URL"),
    ({"url": "http://anna:secret@127.0.0.1/x"}, "must hold no password"),
    ({"url": "http://127.0.0.1/a\nb"}, "must be the http or https"),
])
def test_bad_requests_are_refused(repos: Repos, fields: dict[str, str], told: str) -> None:
    assert told in repos.create(**fields).message


def test_the_provider_is_known_in_any_case(repos: Repos) -> None:
    assert repos.create(provider="AZUREDEVOPSSERVICES").body["provider"] == "azureDevOpsServices"


@pytest.mark.parametrize("name", ["missing", "churn.wiki"])
def test_a_repository_that_is_not_there_leaves_nothing_behind(repos: Repos, name: str) -> None:
    reply = repos.create(url=repos.remote.url.replace("churn", name))
    assert (reply.status, reply.code) == (400, "GIT_REMOTE_ERROR")
    assert repos.client.ask("GET", "2.0/workspace/list", query={"path": ["/Repos/dev"]}).body == {}
    assert repos.create().status == 200


def test_a_server_that_is_not_there_is_an_error_of_the_remote(repos: Repos) -> None:
    assert repos.create(url="http://127.0.0.1:9/churn").code == "GIT_REMOTE_ERROR"


def test_an_empty_repository_is_taken(repos: Repos) -> None:
    for ref in repos.remote.repository.refs():
        repos.remote.repository.path.joinpath(ref).unlink()
    reply = repos.create()
    assert (reply.status, reply.body["branch"], "head_commit_id" in reply.body) == (200, "main", False)


def test_sparse_patterns_limit_what_is_checked_out(repos: Repos) -> None:
    number = repos.created(sparse_checkout={"patterns": ["data"]})
    assert not repos.client.workspace.state.files.tree.disk(f"{PATH}/notebooks").exists()
    assert (repos.read("data/a.csv"), repos.read("README.md")) == ("1\n", "one\n")
    repos.update(number, sparse_checkout={"patterns": ["notebooks"]})
    assert repos.read("notebooks/train.py") == FILES["notebooks/train.py"]
    assert repos.get(number).body["sparse_checkout"] == {"patterns": ["notebooks"]}


def test_links_of_a_repository_become_plain_files(repos: Repos) -> None:
    add_link(repos.remote, "link", "/etc/passwd")
    repos.created()
    assert repos.read("link") == "/etc/passwd"
    assert not repos.client.workspace.state.files.tree.disk(f"{PATH}/link").is_symlink()


def add_link(remote: Remote, name: str, target: str) -> None:
    stream = (f"commit refs/heads/main\ncommitter A <a@example.test> now\ndata 1\nx\nfrom refs/heads/main^0\n"
              f"M 120000 inline {name}\ndata {len(target)}\n{target}\n")
    run_git("fast-import", "--quiet", "--date-format=now", folder=remote.repository.path, stdin=stream)


def test_only_one_of_many_at_once_gets_the_path(repos: Repos) -> None:
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda: replies.append(repos.create())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status for reply in replies) == [200, 400, 400, 400, 400]
    assert repos.read("README.md") == "one\n"


def test_the_state_is_free_while_git_works(repos: Repos, workspace: Workspace) -> None:
    """The git service itself asks for the state's lock: if the handler held it, both would wait for ever."""
    taken: list[bool] = []

    def ask(_: object) -> None:
        taken.append(workspace.state.lock.acquire(timeout=30))
        if taken[-1]:
            workspace.state.lock.release()

    repos.remote.asked.append(ask)
    repos.created()
    assert taken
    assert all(taken)
