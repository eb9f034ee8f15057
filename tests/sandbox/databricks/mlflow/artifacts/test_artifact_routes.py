"""Artifacts of runs: listed, and read and written at signed addresses."""
from __future__ import annotations

import io
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from sandbox.clock import FakeClock
from sandbox.http.message import Request, Response
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.conftest import HOME, done, mlflow, start_run


def send(client: Client, method: str, url: str, body: bytes = b"", **query: str) -> Response:
    """As a storage client does: without a token."""
    parts = urlsplit(url)
    asked = {**parse_qs(parts.query), **{name: [value] for name, value in query.items()}}
    response = client.workspace.application(
        Request(method, unquote(parts.path), query=asked, body_stream=io.BytesIO(body)))
    return Response(response.status, b"".join(response.chunks) if response.chunks else response.body)


def address(client: Client, run: str, path: str, kind: str = "write") -> str:
    found = done(client, f"artifacts/credentials-for-{kind}", run_id=run, path=[path])["credential_infos"]
    assert [(row["run_id"], row["path"], row["type"]) for row in found] == [(run, path, "AZURE_SAS_URI")]
    return str(found[0]["signed_uri"])


def upload(client: Client, run: str, path: str, content: bytes) -> None:
    assert send(client, "PUT", address(client, run, path), content).status == 201


def listed(client: Client, run: str, path: str = "") -> list[dict[str, Any]]:
    reply = client.ask("GET", "2.0/mlflow/artifacts/list", query={"run_id": [run], "path": [path]})
    return list(reply.body.get("files", []))


def test_a_file_is_written_and_read(owner: Client, run: str) -> None:
    upload(owner, run, "model/a b.txt", b"content")
    assert send(owner, "GET", address(owner, run, "model/a b.txt", "read")).body == b"content"


def test_a_reply_tells_its_length_in_one_way(owner: Client, run: str) -> None:
    """Both at once are forbidden, and clients warn of it: https://www.rfc-editor.org/rfc/rfc9112#section-6.2."""
    upload(owner, run, "a.txt", b"content")
    with Server(owner.workspace.application) as server:
        parts = urlsplit(address(owner, run, "a.txt", "read"))
        with closing(HTTPConnection(urlsplit(server.url).netloc)) as connection:
            connection.request("GET", f"{parts.path}?{parts.query}")
            reply = connection.getresponse()
            told = [name for name in ("Content-Length", "Transfer-Encoding") if name in reply.headers]
            assert (reply.read(), len(told)) == (b"content", 1)


def test_a_file_is_written_in_blocks(owner: Client, run: str) -> None:
    url = address(owner, run, "big")
    for name, part in (("MQ==", b"one "), ("Mg==", b"two ")):
        assert send(owner, "PUT", url, part, comp="block", blockid=name).status == 201
    assert listed(owner, run) == []
    order = b"<BlockList><Uncommitted>Mg==</Uncommitted><Latest>MQ==</Latest></BlockList>"
    assert send(owner, "PUT", url, order, comp="blocklist").status == 201
    assert send(owner, "GET", url).body == b"two one "


def test_an_empty_file_is_a_file(owner: Client, run: str) -> None:
    assert send(owner, "PUT", address(owner, run, "empty"), b"<BlockList></BlockList>", comp="blocklist").status == 201
    assert listed(owner, run) == [{"path": "empty", "is_dir": False, "file_size": 0}]


def test_a_block_that_was_never_sent_is_missed(owner: Client, run: str) -> None:
    body = b"<BlockList><Latest>MQ==</Latest></BlockList>"
    assert send(owner, "PUT", address(owner, run, "x"), body, comp="blocklist").status == 400
    assert send(owner, "PUT", address(owner, run, "x"), body, comp="block").status == 400


def test_folders_are_listed_one_level_at_a_time(owner: Client, run: str) -> None:
    for path in ("b/c.txt", "a.txt"):
        upload(owner, run, path, b"1234")
    assert listed(owner, run) == [{"path": "a.txt", "is_dir": False, "file_size": 4}, {"path": "b", "is_dir": True}]
    assert listed(owner, run, "b") == listed(owner, run, "b/c.txt") == [
        {"path": "b/c.txt", "is_dir": False, "file_size": 4}]
    assert listed(owner, run, "no") == []


def test_the_list_names_the_root(owner: Client, experiment: str, run: str) -> None:
    root = owner.get("2.0/mlflow/artifacts/list", run_id=run).body["root_uri"]
    assert root == f"dbfs:/databricks/mlflow-tracking/{experiment}/{run}/artifacts"


def test_an_address_is_good_for_its_file_and_time(owner: Client, run: str, clock: FakeClock) -> None:
    upload(owner, run, "a", b"1")
    url = address(owner, run, "a", "read")
    for bad in (url.replace("/a?", "/b?"), url.replace("sp=r", "sp=rw"), url.replace("se=1", "se=2"),
                url[:-1] + ("0" if url[-1] != "0" else "1"), url.partition("?")[0]):
        assert send(owner, "GET", bad).status == 403
    assert send(owner, "PUT", url, b"2").status == 403
    clock.advance(3601)
    assert send(owner, "GET", url).status == 403


def test_an_address_is_given_to_who_may_edit(owner: Client, stranger: Client, run: str, experiment: str) -> None:
    entry = {"user_name": "stranger@example.test", "permission_level": "CAN_READ"}
    assert mlflow(stranger, "artifacts/credentials-for-read", run_id=run, path=["a"]).status == 403
    owner.ask("PATCH", f"2.0/permissions/experiments/{experiment}", {"access_control_list": [entry]})
    assert mlflow(stranger, "artifacts/credentials-for-read", run_id=run, path=["a"]).status == 200
    assert mlflow(stranger, "artifacts/credentials-for-write", run_id=run, path=["a"]).status == 403


@pytest.mark.parametrize("path", ["../x", "a/../../x", "./x", "a\0b", "x" * 201, "y/" * 600, "a\\b"])
def test_no_path_leads_out(owner: Client, run: str, path: str) -> None:
    url = address(owner, run, path)
    assert send(owner, "PUT", url, b"1").status == 400
    assert owner.ask("GET", "2.0/mlflow/artifacts/list", query={"run_id": [run], "path": [path]}).status == 400


def test_a_file_is_no_folder(owner: Client, run: str) -> None:
    upload(owner, run, "a", b"1")
    upload(owner, run, "folder/b", b"1")
    for path in ("a/b", "folder"):
        assert send(owner, "PUT", address(owner, run, path), b"2").status == 409


def test_what_is_not_there_is_404(owner: Client, run: str) -> None:
    assert send(owner, "GET", address(owner, run, "no", "read")).status == 404


def test_artifacts_may_lie_elsewhere(owner: Client) -> None:
    experiment = done(owner, "experiments/create", name=f"{HOME}/x", artifact_location="dbfs:/team/x/")["experiment_id"]
    run = start_run(owner, experiment)
    root = f"dbfs:/team/x/{run}/artifacts"
    assert owner.get("2.0/mlflow/artifacts/list", run_id=run).body == {"root_uri": root}
    owner.ask("POST", "2.0/dbfs/put", {"path": f"{root}/model/a", "contents": "YQ=="})
    assert listed(owner, run) == [{"path": "model", "is_dir": True}]
    assert listed(owner, run, "model") == listed(owner, run, "model/a") == [
        {"path": "model/a", "is_dir": False, "file_size": 1}]
    assert owner.ask("GET", "2.0/mlflow/artifacts/list", query={"run_id": [run], "path": ["../x"]}).status == 400
    assert mlflow(owner, "artifacts/credentials-for-read", run_id=run, path=["a"]).status == 501
