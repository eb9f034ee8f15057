from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import run_git
from sandbox.databricks.directory import PrincipalKind
from sandbox.entra.tenant import DATABRICKS
from sandbox.http.faults import Fault
from sandbox.http.server import Server
from steps.update_repo import step
from tests.sandbox.databricks.repos.git_server import GitServer
from tests.steps.bench import Bench
from tests.steps.git_bench import FOLDER, MAIN, PATH, TOKEN, GitBench, in_dev

STATUS, MKDIRS, REPOS = "GET /api/2.0/workspace/get-status", "POST /api/2.0/workspace/mkdirs", "/api/2.0/repos"
CREDENTIAL = "POST /api/2.0/git-credentials"
TAG = "refs/tags/v1.0"
ENTRA = ("ENTRA_TENANT_ID", "ENTRA_CLIENT_ID", "ENTRA_CLIENT_SECRET")


@pytest.fixture
def git(bench: Bench, tmp_path: Path) -> Iterator[GitBench]:
    in_dev(bench)
    repository = BareRepository.create("churn", tmp_path / "git" / "churn")
    server = GitServer(tmp_path / "git", TOKEN, bench.tenant)
    principal = bench.workspace.add_service_principal(bench.principal.client_id)
    bench.workspace.add_folder(FOLDER, principal)
    with Server(server) as served:
        bench.environ["REPOSITORY_URL"] = f"{served.url.replace('://', '://Org@')}/churn"
        yield GitBench(bench, f"{served.url}/churn", repository, server.asked)


def switched(git: GitBench) -> str:
    return f"PATCH {REPOS}/{git.folder()['id']}"


def test_absent_folder_is_created_at_the_commit_with_a_credential_of_entra(git: GitBench) -> None:
    commit = git.commit()
    assert git.run(step, commit) == 0
    assert (git.folder()["url"], git.folder()["branch"], git.folder()["head_commit_id"]) == (git.url, "main", commit)
    assert git.bench.writes() == [CREDENTIAL, f"POST {REPOS}"]
    assert git.credentials() == [("azureDevOpsServicesAad", "", "")]


def test_second_run_sends_no_write_and_looks_twice(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git.commit()
    git.run(step, commit)
    assert git.run(step, commit) == 0
    assert git.bench.calls() == [STATUS, f"GET {REPOS}/{git.folder()['id']}"]
    assert f"unchanged: Git folder '{PATH}'" in capsys.readouterr().out


def test_new_commit_is_checked_out(git: GitBench) -> None:
    git.run(step, git.commit())
    commit = git.commit("two\n")
    assert git.run(step, commit) == 0
    assert (git.folder()["head_commit_id"], git.text(), git.bench.writes()) == (commit, "two\n", [switched(git)])


def test_another_branch_is_checked_out(git: GitBench) -> None:
    git.run(step, git.commit())
    commit = git.commit("x\n", "refs/heads/release/1&2#3")
    assert git.run(step, commit, "refs/heads/release/1&2#3") == 0
    assert (git.folder()["branch"], git.text()) == ("release/1&2#3", "x\n")


def test_tag_is_checked_out_although_the_branch_is_at_the_same_commit(git: GitBench) -> None:
    commit = git.commit()
    git.run(step, commit)
    git.repository.point(TAG, commit)
    assert git.run(step, commit, TAG) == 0
    assert ("branch" in git.folder(), git.folder()["head_commit_id"]) == (False, commit)
    assert git.run(step, commit, TAG) == 0
    assert git.bench.writes() == []


def test_new_folder_of_a_tag_is_switched_after_its_creation(git: GitBench) -> None:
    commit = git.commit()
    git.repository.point(TAG, commit)
    git.commit("two\n")
    assert git.run(step, commit, TAG) == 0
    assert git.bench.writes() == [CREDENTIAL, f"POST {REPOS}", switched(git)]
    assert git.text() == "one\n"


def test_stale_reads_are_waited_out(git: GitBench) -> None:
    git.run(step, git.commit())
    git.bench.workspace.state.repos.stale_reads = 5
    assert git.run(step, git.commit("two\n")) == 0
    assert git.bench.clock.seconds < 60


def test_reads_that_stay_stale_end_with_an_error(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    git.run(step, git.commit())
    git.bench.workspace.state.repos.stale_reads = 100
    assert git.run(step, git.commit("two\n")) == 1
    assert "the workspace shows branch 'main' at" in capsys.readouterr().out
    assert git.bench.clock.seconds <= 60


def test_commit_newer_than_that_of_the_run_is_refused(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    git.run(step, git.commit())
    commit, newer = git.commit("two\n"), git.commit("three\n")
    assert git.run(step, commit) == 1
    out = capsys.readouterr().out
    assert f"branch 'main' is at {newer[:12]}, expected {commit[:12]}, the commit of this run" in out
    assert "start a new run, or run the pipeline on a release tag" in out


def test_moved_tag_is_refused(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git.commit()
    git.run(step, commit)
    git.repository.point(TAG, git.commit("two\n"))
    assert git.run(step, commit, TAG) == 1
    assert "the tag was moved since the run began" in capsys.readouterr().out


@pytest.mark.parametrize("ref", ["refs/heads/gone", "refs/tags/gone"], ids=["branch", "tag"])
def test_ref_that_is_gone_is_told(git: GitBench, ref: str, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git.commit()
    git.run(step, commit)
    assert git.run(step, commit, ref) == 2
    kind = ref.split("/")[1].replace("heads", "branch").replace("tags", "tag")
    assert f"{git.url} has no {kind} 'gone'" in capsys.readouterr().out


def test_local_edits_in_the_way_are_kept_and_named(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    git.run(step, git.commit())
    git.edit("README.md", "mine\n")
    assert git.run(step, git.commit("two\n")) == 2
    assert git.text() == "mine\n"
    out = capsys.readouterr().out
    assert "README.md" in out
    assert "nothing was discarded: open the folder in the workspace" in out


def test_local_edits_that_are_in_nobody_s_way_stay(git: GitBench) -> None:
    git.run(step, git.commit())
    git.edit("notes.txt", "mine\n")
    commit = git.commit("two\n")
    assert git.run(step, commit) == 0
    assert (git.text("notes.txt"), git.text()) == ("mine\n", "two\n")


def test_dry_run_sends_no_write_and_counts(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert git.run(step, git.commit(), DRY_RUN="true") == 0
    assert git.bench.writes() == []
    out = capsys.readouterr().out
    assert git.bench.outputs(out) == {"gitFolder": PATH, "changes": "2"}
    assert f"create: Git folder '{PATH}' of {git.url}" in out


def test_configured_token_is_stored_and_never_shown(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert git.run(step, git.commit(), GIT_CREDENTIAL_TOKEN=TOKEN, GIT_CREDENTIAL_USERNAME="robot") == 0
    assert git.credentials() == [("azureDevOpsServices", "robot", TOKEN)]
    assert TOKEN not in capsys.readouterr().out
    assert TOKEN not in (git.bench.generated / "deployment_record.json").read_text()


def test_refused_token_is_renewed_once(git: GitBench) -> None:
    git.run(step, git.commit(), GIT_CREDENTIAL_TOKEN="an-old-one")
    assert git.credentials()[0][2] == "an-old-one"
    assert git.run(step, git.commit("two\n"), GIT_CREDENTIAL_TOKEN=TOKEN) == 0
    assert git.credentials() == [("azureDevOpsServices", "brickline", TOKEN)]


def test_good_token_is_stored_once(git: GitBench) -> None:
    git.run(step, git.commit(), GIT_CREDENTIAL_TOKEN=TOKEN)
    assert git.run(step, git.commit("two\n"), GIT_CREDENTIAL_TOKEN=TOKEN) == 0
    assert git.bench.writes() == [switched(git)]


def test_unmodified_client_sees_the_folder_and_its_credential(git: GitBench) -> None:
    commit = git.commit()
    git.run(step, commit)
    token = git.bench.tenant.sign(DATABRICKS, appid=git.bench.principal.client_id)
    client = WorkspaceClient(host=git.bench.server.url, token=token, auth_type="pat")
    [folder] = client.repos.list(path_prefix=FOLDER)
    assert (folder.path, folder.branch, folder.head_commit_id) == (PATH, "main", commit)
    assert [one.git_provider for one in client.git_credentials.list()] == ["azureDevOpsServicesAad"]


def test_token_that_is_never_good_ends_with_what_to_do(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert git.run(step, git.commit(), GIT_CREDENTIAL_TOKEN="wrong") == 1
    assert "Invalid Git provider credentials" in (out := capsys.readouterr().out)
    assert f"let a workspace admin give '{git.bench.principal.client_id}' CAN_MANAGE on '{FOLDER}'" in out
    assert sum(call.startswith("PATCH ") for call in git.bench.writes()) == 1


def test_user_without_entra_token_is_told_what_is_missing(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    environ = dict.fromkeys(ENTRA, "")
    token = git.bench.workspace.add_token("anna@example.com")
    anna = git.bench.workspace.state.directory.find(PrincipalKind.USER, "anna@example.com")
    assert anna is not None
    with git.bench.workspace.state.lock:
        git.bench.workspace.state.files.give(FOLDER, anna)
    assert git.run(step, git.commit(), **environ, DATABRICKS_TOKEN=token) == 1
    out = capsys.readouterr().out
    assert "Azure Active Directory credentials missing" in out
    assert "set gitCredentialToken" in out


def test_missing_folder_of_the_environment_is_an_administrator_s_work(
        git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    git.bench.by_hand("/api/2.0/workspace/delete", {"path": FOLDER, "recursive": True})
    assert git.run(step, git.commit()) == 1
    assert f"let a workspace admin create '{FOLDER}', for only admins make folders" in capsys.readouterr().out


def test_principal_that_is_admin_makes_the_folder_itself(git: GitBench) -> None:
    git.bench.by_hand("/api/2.0/workspace/delete", {"path": FOLDER, "recursive": True})
    git.bench.workspace.add_user("root@example.com", admin=True)
    token = git.bench.workspace.add_token("root@example.com")
    environ = dict.fromkeys(ENTRA, "") | {"DATABRICKS_TOKEN": token, "GIT_CREDENTIAL_TOKEN": TOKEN}
    assert git.run(step, git.commit(), **environ) == 0
    assert git.bench.writes() == [CREDENTIAL, MKDIRS, f"POST {REPOS}"]


def test_folder_of_another_repository_is_left_alone(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git.commit()
    git.run(step, commit)
    assert git.run(step, commit, REPOSITORY_URL="https://dev.azure.com/o/p/_git/other") == 2
    assert f"it is linked to '{git.url}', expected 'https://dev.azure.com/o/p/_git/other'" in capsys.readouterr().out


def test_plain_folder_in_the_way_is_left_alone(git: GitBench, capsys: pytest.CaptureFixture[str]) -> None:
    git.bench.by_hand("/api/2.0/workspace/mkdirs", {"path": "/Repos/dev"})
    git.bench.workspace.state.files.tree.disk(PATH).mkdir()
    assert git.run(step, git.commit()) == 2
    assert "there is a directory of this name" in capsys.readouterr().out


@pytest.mark.parametrize(("method", "route"), [
    ("POST", "*/api/2.0/repos"), ("PATCH", "*/api/2.0/repos/*"), ("POST", "*/git-credentials"),
], ids=["create", "switch", "credential"])
def test_lost_reply_does_nothing_twice(git: GitBench, method: str, route: str) -> None:
    commit = git.commit()
    git.repository.point(TAG, commit)
    git.commit("two\n")
    git.bench.workspace.faults.add(Fault(route, method, when="after"))
    assert git.run(step, commit, TAG) == 0
    assert (len(git.bench.workspace.state.repos.all()), len(git.credentials())) == (1, 1)
    assert git.folder()["head_commit_id"] == commit


def test_busy_workspace_is_asked_again(git: GitBench) -> None:
    git.bench.workspace.faults.add(Fault("*/repos*", status=429, times=2))
    assert git.run(step, git.commit()) == 0


@pytest.mark.parametrize("ref", ["refs/pull/7/merge", "main", "refs/heads/"], ids=["pull request", "short", "empty"])
def test_ref_that_no_folder_can_show_is_refused(git: GitBench, ref: str) -> None:
    assert git.run(step, git.commit(), ref) == 2
    assert git.bench.calls() == []


def own(git: GitBench, commit: str, **changed: str) -> int:
    """A run of the cluster pipeline, with a credential and Anna's home open to the pipeline's principal."""
    return git.run(step, commit, PIPELINE_TYPE="cluster", TARGET_ENVIRONMENT="local",
                   **{"GIT_CREDENTIAL_TOKEN": TOKEN, **changed})


@pytest.fixture
def home(git: GitBench) -> str:
    principal = git.bench.workspace.add_service_principal(git.bench.principal.client_id)
    git.bench.workspace.add_folder("/Repos/anna@example.com", principal)
    return "/Repos/anna@example.com/churn"


def test_cluster_pipeline_brings_the_folder_of_who_committed(git: GitBench, home: str) -> None:
    commit = git.commit()
    assert own(git, commit) == 0
    assert git.folder(home)["head_commit_id"] == commit


@pytest.mark.parametrize(("changed", "reason"), [
    ({"GIT_CREDENTIAL_TOKEN": ""}, "no git credential is configured"), ({"REQUESTED_FOR": ""}, "names nobody"),
], ids=["no credential", "nobody"])
def test_cluster_pipeline_leaves_folders_with_a_reason(
        git: GitBench, changed: dict[str, str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert own(git, git.commit(), **changed) == 0
    assert git.bench.calls() == []
    assert reason in capsys.readouterr().out


def test_edits_of_a_person_do_not_fail_the_cluster_pipeline(
        git: GitBench, home: str, capsys: pytest.CaptureFixture[str]) -> None:
    own(git, git.commit())
    git.edit("README.md", "mine\n", home)
    assert own(git, git.commit("two\n")) == 0
    assert git.text(path=home) == "mine\n"
    assert "##vso[task.logissue type=warning]Git folder" in capsys.readouterr().out


def test_branch_can_be_deleted_after_its_tag_was_deployed(git: GitBench) -> None:
    commit = git.commit()
    git.repository.point(TAG, commit)
    git.run(step, commit, TAG)
    git.commit("two\n", "refs/heads/other")
    run_git("update-ref", "-d", MAIN, folder=git.repository.path)
    assert git.run(step, commit, TAG) == 0
    assert git.bench.writes() == []
