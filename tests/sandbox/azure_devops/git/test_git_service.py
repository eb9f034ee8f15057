from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest
import requests

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from tests.sandbox.azure_devops.conftest import ANNA, TOKEN, Host
from tests.sandbox.azure_devops.person import Person


def test_what_one_person_pushes_another_clones(host: Host, anna: Person, tmp_path: Path) -> None:
    sha = anna.commit("notebooks/train.py", "print(1)\n")
    anna.git("push", "-q", "origin", "main")
    Person(tmp_path).git("clone", "-q", host.clone_url(), "second")
    assert Person(tmp_path / "second").git("rev-parse", "HEAD").strip() == sha
    assert (tmp_path / "second/notebooks/train.py").read_text(encoding="utf-8") == "print(1)\n"


def test_push_is_told_with_ref_commits_pusher_and_changed_paths(host: Host, anna: Person) -> None:
    old = anna.git("rev-parse", "HEAD").strip()
    new = anna.commit("a/ä b.txt", "x")
    anna.git("push", "-q", "origin", "main")
    [push] = host.pushes
    assert (push.ref, push.old, push.new, push.pusher) == ("refs/heads/main", old, new, ANNA)
    assert push.changed_paths == ("a/ä b.txt",)


def test_new_branch_counts_only_what_its_own_commits_change(host: Host, anna: Person) -> None:
    anna.git("checkout", "-q", "-b", "feature/x")
    anna.commit("config.json", "{}")
    anna.commit("notes.md", "n")
    anna.git("push", "-q", "origin", "feature/x")
    assert [(push.old, push.changed_paths) for push in host.pushes] == [(NO_COMMIT, ("config.json", "notes.md"))]


def test_new_branch_without_commits_changes_nothing(host: Host, anna: Person) -> None:
    anna.git("push", "-q", "origin", "main:refs/heads/copy")
    assert [(push.ref, push.changed_paths) for push in host.pushes] == [("refs/heads/copy", ())]


def test_moved_file_counts_at_both_places(host: Host, anna: Person) -> None:
    anna.git("mv", "README.md", "docs.md")
    anna.git("commit", "-q", "-m", "Move")
    anna.git("push", "-q", "origin", "main")
    assert host.pushes[0].changed_paths == ("README.md", "docs.md")


def test_force_push_counts_the_difference_of_the_tips(host: Host, anna: Person) -> None:
    anna.commit("one.txt", "1")
    anna.git("push", "-q", "origin", "main")
    anna.git("reset", "-q", "--hard", "HEAD~1")
    anna.commit("two.txt", "2")
    anna.git("push", "-q", "--force", "origin", "main")
    assert host.pushes[1].changed_paths == ("one.txt", "two.txt")


def test_deleted_branch_is_no_event(host: Host, anna: Person) -> None:
    anna.git("push", "-q", "origin", "main:refs/heads/old")
    anna.git("push", "-q", "origin", ":refs/heads/old")
    assert [push.ref for push in host.pushes] == ["refs/heads/old"]


def test_name_that_is_no_text_is_refused_and_the_other_branch_arrives(host: Host, anna: Person) -> None:
    name = b"feature/\xff\xc2\x85".decode(errors="surrogateescape")
    anna.git("push", "-q", "origin", f"main:refs/heads/{name}", "main:refs/heads/ü-b", fails=True)
    assert [push.ref for push in host.pushes] == ["refs/heads/ü-b"]


def test_fetch_is_no_event(host: Host, anna: Person) -> None:
    anna.git("fetch", "-q", "origin")
    assert host.pushes == []


def test_push_larger_than_gits_buffer_arrives_chunked(host: Host, anna: Person) -> None:
    sha = anna.commit("model.bin", "".join(str(number * number) for number in range(400_000)))
    anna.git("-c", "core.compression=0", "push", "-q", "origin", "main")
    assert host.repository.refs()["refs/heads/main"] == sha


@pytest.mark.usefixtures("anna")
def test_two_pushes_at_once_give_two_exact_events(host: Host, tmp_path: Path) -> None:
    for name in ("one", "two"):
        Person(tmp_path).git("clone", "-q", host.clone_url(), name)
        Person(tmp_path / name).commit(f"{name}.txt", name)
    threads = [threading.Thread(target=Person(tmp_path / name).git, args=("push", "origin", f"HEAD:refs/heads/{name}"))
               for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((push.ref, push.changed_paths) for push in host.pushes) == [
        ("refs/heads/one", ("one.txt",)), ("refs/heads/two", ("two.txt",))]


def test_wrong_token_is_refused_with_an_empty_401(host: Host) -> None:
    url = f"{host.url}/org/project/_git/churn/info/refs?service=git-upload-pack"
    answer = requests.get(url, auth=("anna", "wrong"), timeout=30)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert "Content-Type" not in answer.headers


def test_git_shows_that_authentication_failed(host: Host, tmp_path: Path) -> None:
    said = Person(tmp_path).git("ls-remote", host.clone_url(token="wrong"), fails=True)
    assert "Authentication failed" in said


def test_bearer_token_is_taken(host: Host, tmp_path: Path) -> None:
    header = f"http.extraheader=AUTHORIZATION: bearer {TOKEN}"
    said = Person(tmp_path).git("-c", header, "ls-remote", f"{host.url}/org/project/_git/churn")
    assert said == ""


def test_unknown_repository_is_named_as_the_service_does(host: Host, tmp_path: Path) -> None:
    said = Person(tmp_path).git("ls-remote", host.clone_url("absent"), fails=True)
    assert "remote: TF401019: The Git repository with name or identifier absent does not exist" in said


def test_paths_of_the_dumb_protocol_and_above_are_not_served(host: Host) -> None:
    for path in ("HEAD", "objects/info/packs", "../../churn.git/config", "info/refs", "info/refs?service=git-shell"):
        answer = requests.get(f"{host.url}/org/project/_git/churn/{path}", auth=("a", TOKEN), timeout=30)
        assert answer.status_code == 404, path


def test_zipped_request_is_understood(host: Host, anna: Person) -> None:
    sha = anna.git("rev-parse", "HEAD").strip()
    want = f"want {sha}\n"
    body = f"{len(want) + 4:04x}{want}00000009done\n".encode()
    headers = {"Content-Type": "application/x-git-upload-pack-request", "Content-Encoding": "gzip"}
    answer = requests.post(f"{host.url}/org/project/_git/churn/git-upload-pack", data=gzip.compress(body),
                           auth=("a", TOKEN), headers=headers, timeout=30)
    assert answer.content.startswith(b"0008NAK\nPACK")
