"""What git shows of pushes that the organisation refuses, as its users know it."""
from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from sandbox.azure_devops.identities.accounts import Scope
from sandbox.azure_devops.policies.configuration import MINIMUM_REVIEWERS, Configuration
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from sandbox.pipelines.request import Identity
from tests.sandbox.azure_devops.conftest import ANNA, Host
from tests.sandbox.azure_devops.person import Person

BEN = Identity("Ben", "ben@example.com")
CARA = Identity("Cara", "cara@example.com")


def add(host: Host, identity: Identity, group_name: str) -> str:
    """A person of a group; returns the token."""
    organisation = host.organisation
    group = organisation.directory.find(f"[project]\\{group_name}")
    assert group is not None
    organisation.directory.join(organisation.directory.add_user(identity), group)
    organisation.accounts.add(identity, f"token-{identity.name}")
    return f"token-{identity.name}"


def protect(host: Host, ref: str = "refs/heads/main") -> None:
    project = host.organisation.home
    record = project.repositories.record("churn")
    assert record is not None
    scope = [{"repositoryId": record.id, "refName": ref, "matchKind": "Exact"}]
    host.organisation.repos.policies.put(Configuration(
        0, project.id, MINIMUM_REVIEWERS, blocking=True, enabled=True, settings={"scope": scope}))


def test_protected_branch_is_refused_and_the_other_branch_arrives(host: Host, anna: Person) -> None:
    protect(host)
    sha = anna.commit("x.txt", "x")
    said = anna.git("push", "origin", "main", "main:feature/x", fails=True)
    assert (" ! [remote rejected] main -> main (TF402455: Pushes to this branch are not permitted; you must use a pull "
            "request to update this branch.)") in said
    assert " * [new branch]      main -> feature/x" in said
    assert host.repository.refs()["refs/heads/feature/x"] == sha
    assert [push.ref for push in host.pushes] == ["refs/heads/feature/x"]


def test_protected_branch_cannot_be_deleted(host: Host, anna: Person) -> None:
    anna.git("push", "-q", "origin", "main:release")
    protect(host, "refs/heads/release")
    assert "(TF402455: " in anna.git("push", "origin", ":release", fails=True)


def test_atomic_push_is_refused_as_a_whole(host: Host, anna: Person) -> None:
    protect(host)
    anna.commit("x.txt", "x")
    anna.git("push", "--atomic", "origin", "main", "main:feature/x", fails=True)
    assert list(host.repository.refs()) == ["refs/heads/main"]


def test_atomic_push_of_what_is_allowed_goes_through(host: Host, anna: Person) -> None:
    anna.commit("x.txt", "x")
    anna.git("push", "-q", "--atomic", "origin", "main", "main:feature/x")
    assert list(host.repository.refs()) == ["refs/heads/feature/x", "refs/heads/main"]


def test_reader_is_told_at_once(host: Host, anna: Person, tmp_path: Path) -> None:
    anna.git("push", "-q", "origin", "main")
    token = add(host, BEN, "Readers")
    Person(tmp_path).git("clone", "-q", host.clone_url(token=token), "bens")
    Person(tmp_path / "bens").commit("b.txt", "b")
    said = Person(tmp_path / "bens").git("push", "origin", "HEAD:refs/heads/b", fails=True)
    assert ("remote: TF401027: You need the Git 'GenericContribute' permission to perform this action. Details: "
            "identity 'ben@example.com', scope 'repository'.") in said
    assert "The requested URL returned error: 403" in said


def test_branch_of_somebody_else_keeps_its_history(host: Host, anna: Person, tmp_path: Path) -> None:
    anna.commit("more.txt", "m")
    anna.git("push", "-q", "origin", "main")
    token = add(host, CARA, "Contributors")
    Person(tmp_path).git("clone", "-q", host.clone_url(token=token), "caras")
    cara = Person(tmp_path / "caras")
    cara.git("reset", "-q", "--hard", "HEAD~1")
    cara.commit("c.txt", "c")
    said = cara.git("push", "--force", "origin", "main", fails=True)
    assert "(TF401027: You need the Git 'ForcePush' permission to perform this action." in said
    assert "(TF401027: You need the Git 'ForcePush'" in cara.git("push", "origin", ":main", fails=True)


def test_ordinary_push_to_the_branch_of_somebody_else_is_allowed(host: Host, anna: Person, tmp_path: Path) -> None:
    anna.git("push", "-q", "origin", "main")
    token = add(host, CARA, "Contributors")
    Person(tmp_path).git("clone", "-q", host.clone_url(token=token), "caras")
    sha = Person(tmp_path / "caras").commit("c.txt", "c")
    Person(tmp_path / "caras").git("push", "-q", "origin", "main")
    assert host.repository.refs()["refs/heads/main"] == sha


def test_locked_branch_takes_pushes_of_its_locker_only(host: Host, anna: Person, tmp_path: Path) -> None:
    anna.git("push", "-q", "origin", "main")
    record = host.organisation.home.repositories.record("churn")
    assert record is not None
    member = host.organisation.directory.of(ANNA)
    host.organisation.repos.records.lock(record.id, "refs/heads/main", member.id)
    token = add(host, CARA, "Contributors")
    Person(tmp_path).git("clone", "-q", host.clone_url(token=token), "caras")
    Person(tmp_path / "caras").commit("c.txt", "c")
    assert "(the branch main is locked" in Person(tmp_path / "caras").git("push", "origin", "main", fails=True)
    anna.commit("a.txt", "a")
    anna.git("push", "-q", "origin", "main")


@pytest.mark.parametrize(("permission", "target"), [("CreateBranch", "main:refs/heads/new"),
                                                    ("CreateTag", "main:refs/tags/v1")])
def test_denied_creation_names_the_permission(host: Host, anna: Person, permission: str, target: str) -> None:
    project = host.organisation.home
    host.organisation.access.grant(GIT, repository_token(project.id), host.organisation.directory.of(ANNA),
                                   deny=GIT.bits[permission])
    assert f"(TF401027: You need the Git '{permission}' permission" in anna.git("push", "origin", target, fails=True)


def test_tag_is_pushed(host: Host, anna: Person) -> None:
    anna.git("tag", "-a", "v1", "-m", "m")
    anna.git("push", "-q", "origin", "v1")
    assert "refs/tags/v1" in host.repository.refs()


@pytest.mark.parametrize("hide", ["disabled", "no read", "out of scope"])
def test_what_may_not_be_seen_does_not_exist(host: Host, tmp_path: Path, hide: str) -> None:
    project, url = host.organisation.home, host.clone_url()
    if hide == "disabled":
        project.disable_repository("churn")
    elif hide == "no read":
        host.organisation.access.grant(GIT, repository_token(project.id), host.organisation.directory.of(ANNA),
                                       deny=GIT.bits["GenericRead"])
    scope = Scope(project.id, frozenset({"another"}))
    with host.organisation.accounts.lent(ANNA, scope) as token:
        said = Person(tmp_path).git("ls-remote", host.clone_url(token=token) if hide == "out of scope" else url,
                                    fails=True)
    assert "remote: TF401019: The Git repository with name or identifier churn does not exist" in said


def test_first_push_makes_its_branch_the_default(host: Host, tmp_path: Path) -> None:
    host.organisation.home.create_repository("fresh")
    Person(tmp_path).git("clone", "-q", host.clone_url("fresh"), "clone")
    person = Person(tmp_path / "clone")
    person.git("checkout", "-q", "-B", "trunk")
    person.commit("a", "1")
    person.git("push", "-q", "origin", "trunk")
    assert "ref: refs/heads/trunk\tHEAD" in person.git("ls-remote", "--symref", "origin", "HEAD")


@pytest.mark.parametrize("name", ["it's%20one", "a%23b%26c", "100%25", "say%20%22x%22", "%C3%BCn%C3%AF", "x" * 200])
def test_odd_repository_names_are_cloned_and_pushed(host: Host, tmp_path: Path, name: str) -> None:
    host.organisation.home.create_repository(unquote(name))
    Person(tmp_path).git("clone", "-q", host.clone_url(name), "clone")
    person = Person(tmp_path / "clone")
    person.git("checkout", "-q", "-B", "main")
    person.commit("a", "1")
    person.git("push", "-q", "origin", "main", "main:refs/heads/ü#&%'\"")
    assert len(host.organisation.home.repositories[unquote(name)].refs()) == 2


def test_many_branches_in_one_push(host: Host, anna: Person) -> None:
    """More than fits into a pipe, on the way to git's hook and back."""
    names = [f"{number}/{'x' * 230}" for number in range(250)]
    protect(host, f"refs/heads/{names[7]}")
    anna.git("push", "-q", "origin", *(f"main:refs/heads/{name}" for name in names))
    assert len(host.repository.refs()) == 251
