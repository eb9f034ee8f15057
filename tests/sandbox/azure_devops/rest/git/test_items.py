from __future__ import annotations

import importlib
from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import BareRepository
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/items"
FILES = {"a b/ü.json": '{"x": "é"}'.encode(), "bin": b"\0\xff", "top.txt": b"top\n"}


@pytest.fixture(autouse=True)
def churn(office: Office) -> BareRepository:
    return office.repository("churn", FILES)


def joined(pieces: Any) -> bytes:
    return b"".join(pieces)


def test_item_tells_what_it_is(office: Office, churn: BareRepository) -> None:
    found = office.client("git").get_item("churn", "/a b/ü.json", "analytics", include_content=True)
    assert (found.path, found.git_object_type, found.content) == ("/a b/ü.json", "blob", '{"x": "é"}')
    assert found.commit_id == churn.refs()["refs/heads/main"]


def test_content_is_not_sent_unless_asked_for(office: Office) -> None:
    assert office.client("git").get_item("churn", "/top.txt", "analytics").content is None


def test_accept_header_alone_chooses_the_form(office: Office) -> None:
    client = office.client("git")
    assert joined(client.get_item_content("churn", "/bin", "analytics")) == b"\0\xff"
    assert joined(client.get_item_text("churn", "/top.txt", "analytics")) == b"top\n"
    for accept, kind in (("text/plain", "text/plain"), ("*/*", "application/octet-stream"),
                         ("application/json", "application/json")):
        answer = office.send("GET", PATH, params={"path": "/top.txt"}, headers={"Accept": accept})
        assert answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(("level", "paths"), [
    ("none", ["/"]), ("oneLevel", ["/", "/a b", "/bin", "/top.txt"]),
    ("full", ["/", "/a b", "/a b/ü.json", "/bin", "/top.txt"]),
])
def test_listing_goes_as_deep_as_asked(office: Office, level: str, paths: list[str]) -> None:
    found = office.client("git").get_items("churn", "analytics", scope_path="/", recursion_level=level)
    assert [one.path for one in found] == paths


def test_folder_is_listed_by_its_path(office: Office) -> None:
    found = office.client("git").get_items("churn", "analytics", scope_path="/a b", recursion_level="full")
    assert [(one.path, one.is_folder) for one in found] == [("/a b", True), ("/a b/ü.json", None)]


def test_missing_item_is_404_with_branch_and_commit(office: Office, churn: BareRepository) -> None:
    answer = office.send("GET", PATH, params={"path": "/no.txt", "versionDescriptor.version": "main"})
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "GitItemNotFoundException")
    assert answer.json()["message"] == (
        "TF401174: The item '/no.txt' could not be found in the repository 'churn' at the version specified by "
        f"'<Branch: main >' (resolved to commit '{churn.refs()['refs/heads/main']}')")


@pytest.mark.parametrize(("kind", "version"), [("branch", "old"), ("tag", "v1"), ("commit", "sha")])
def test_version_is_a_branch_a_tag_or_a_commit(office: Office, churn: BareRepository, kind: str, version: str) -> None:
    old = churn.refs()["refs/heads/main"]
    churn.point("refs/heads/old", old)
    churn.point("refs/tags/v1", old)
    office.repository("churn", {"top.txt": b"newer"})
    descriptor = {"versionType": kind, "version": old if version == "sha" else version}
    client = office.client("git")
    found = client.get_item_text("churn", "/top.txt", "analytics", version_descriptor=as_model(descriptor))
    assert joined(found) == b"top\n"


def as_model(descriptor: dict[str, str]) -> Any:
    models = importlib.import_module("azure.devops.v7_1.git.models")
    return models.GitVersionDescriptor(version=descriptor["version"], version_type=descriptor["versionType"])


def test_unknown_branch_is_404(office: Office) -> None:
    answer = office.send("GET", PATH, params={"path": "/top.txt", "versionDescriptor.version": "no"})
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "GitUnresolvableToCommitException")
    assert answer.json()["message"].startswith("TF401175:The version descriptor <Branch: no > could not be resolved")


@pytest.mark.parametrize("path", ["/../top.txt", "/a b/*", "/:(glob)*", "/a b/../top.txt"])
def test_path_is_only_ever_a_name(office: Office, path: str) -> None:
    assert office.send("GET", PATH, params={"path": path}).status_code == 404


@pytest.mark.parametrize("version", ["--all", "main^{tree}", "@{-1}", "main:top.txt", "-n", "main~0",
                                     "main@{0}", "main\nHEAD"])
def test_version_is_only_ever_a_name(office: Office, version: str) -> None:
    answer = office.send("GET", PATH, params={"path": "/top.txt", "versionDescriptor.version": version})
    assert answer.status_code == 404


def test_items_are_asked_for_in_a_batch(office: Office) -> None:
    rows = office.client("git").get_items_batch({"itemDescriptors": [
        {"path": "/a b", "recursionLevel": "full", "version": "main", "versionType": "branch"},
        {"path": "/bin"}]}, "churn", "analytics")
    assert [[one.path for one in row] for row in rows] == [["/a b", "/a b/ü.json"], ["/bin"]]


def test_empty_repository_has_no_items(office: Office) -> None:
    office.repository("empty")
    answer = office.send("GET", "analytics/_apis/git/repositories/empty/items", params={"path": "/x"})
    assert answer.json()["message"] == "VS403403: Cannot find any branches for the empty repository."
