from __future__ import annotations

import datetime
import stat
from pathlib import Path

import pytest
import requests

from sandbox.entra.tls import local_tls
from sandbox.http.message import json_response
from sandbox.http.server import Server
from tests.sandbox.entra.conftest import Login


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_client_that_trusts_the_authority_is_served(login: Login, host: str) -> None:
    assert login.session.get(login.url.replace("localhost", host), timeout=30).status_code == 404


def test_client_that_does_not_trust_it_is_refused_and_the_server_lives_on(login: Login) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            stranger.get(login.url, timeout=30)
    assert login.session.get(login.url, timeout=30).status_code == 404


def test_certificates_are_kept_between_starts(tmp_path: Path) -> None:
    first = local_tls(tmp_path).ca_file.read_bytes()
    assert local_tls(tmp_path).ca_file.read_bytes() == first


@pytest.mark.parametrize("name", ["ca.pem", "server.pem"])
@pytest.mark.parametrize("content", [b"", b"{}", None], ids=["empty", "no certificate", "of another pair"])
def test_damaged_certificates_are_made_anew(tmp_path: Path, name: str, content: bytes | None) -> None:
    local_tls(tmp_path / "other")
    local_tls(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / "other" / name).read_bytes() if content is None else content)
    before = (tmp_path / "server.pem").read_bytes()
    local_tls(tmp_path)
    assert (tmp_path / "server.pem").read_bytes() != before


@pytest.mark.parametrize("days", [-2, 29.5, 31], ids=["not yet valid", "about to end", "at an end"])
def test_certificates_of_another_time_are_made_anew(tmp_path: Path, days: float) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    before = local_tls(tmp_path, now).ca_file.read_bytes()
    assert local_tls(tmp_path, now + datetime.timedelta(days)).ca_file.read_bytes() != before


def test_the_server_key_is_private_and_the_authority_key_is_not_kept(tmp_path: Path) -> None:
    tls = local_tls(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.pem", "server.pem"]
    assert stat.S_IMODE((tmp_path / "server.pem").stat().st_mode) == 0o600
    assert b"PRIVATE" not in tls.ca_file.read_bytes()


def test_another_folder_has_another_authority(tmp_path: Path) -> None:
    ours, theirs = local_tls(tmp_path / "a"), local_tls(tmp_path / "b")
    with Server(lambda _: json_response({}), tls=ours.context) as server, requests.Session() as session:
        session.trust_env = False
        session.verify = str(theirs.ca_file)
        with pytest.raises(requests.exceptions.SSLError):
            session.get(server.url, timeout=30)
