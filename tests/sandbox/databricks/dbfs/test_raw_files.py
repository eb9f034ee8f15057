from __future__ import annotations

import json

import pytest

from tests.sandbox.databricks.dbfs.conftest import Dbfs

FORM = (b'--XX\r\nContent-Disposition: form-data; name="path"\r\n\r\n/a/up.bin\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\nTrue\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n'
        b"Content-Type: multipart/form-data\r\n\r\n"
        b"\r\n\x00bytes\r\n\r\n--XX--\r\n")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_file_is_sent_and_fetched_as_it_is(dbfs: Dbfs, method: str) -> None:
    assert json.loads(dbfs.raw(method, "/dbfs/models/a%20b.bin", b"\x00\xff").body) == {}
    fetched = dbfs.raw("GET", "/dbfs/models/a%20b.bin")
    assert (fetched.status, b"".join(fetched.chunks or ())) == (200, b"\x00\xff")
    assert dbfs.names("/models") == ["/models/a b.bin"]
    getattr(fetched.chunks, "close", lambda: None)()


def test_sending_again_replaces_the_file(dbfs: Dbfs) -> None:
    for content in (b"old and long", b""):
        dbfs.raw("POST", "/dbfs/a", content)
    assert dbfs.get("/a") == b""


@pytest.mark.parametrize("target", ["/dbfs/no", "/dbfs/%ff", "/dbfs/folder/no"])
def test_missing_file_is_not_found(dbfs: Dbfs, target: str) -> None:
    reply = dbfs.raw("GET", target)
    assert (reply.status, json.loads(reply.body)["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_bytes_that_are_no_text_name_no_file(dbfs: Dbfs) -> None:
    assert dbfs.raw("POST", "/dbfs/%ff", b"x").status == 404
    assert dbfs.names("/") == []


def test_part_of_a_form_without_a_name_is_passed_over(dbfs: Dbfs) -> None:
    form = FORM.replace(b"--XX--", b"--XX\r\nContent-Type: text/plain\r\n\r\nnothing\r\n--XX--")
    assert dbfs.raw("POST", "/api/2.0/dbfs/put", form, "multipart/form-data; boundary=XX").status == 200
    assert dbfs.get("/a/up.bin") == b"\r\n\x00bytes\r\n"


def test_nothing_is_fetched_without_a_token(dbfs: Dbfs) -> None:
    dbfs.put("/a")
    anybody = Dbfs(type(dbfs.client)(dbfs.client.workspace, "x"), dbfs.folder)
    assert anybody.raw("GET", "/dbfs/a").status == 403


def test_form_carries_the_file_as_it_is(dbfs: Dbfs) -> None:
    dbfs.put("/a/up.bin", b"old")
    sent = dbfs.raw("POST", "/api/2.0/dbfs/put", FORM, "multipart/form-data; boundary=XX")
    assert (json.loads(sent.body), dbfs.get("/a/up.bin")) == ({}, b"\r\n\x00bytes\r\n")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=YY"])
def test_broken_form_is_refused(dbfs: Dbfs, kind: str) -> None:
    assert dbfs.raw("POST", "/api/2.0/dbfs/put", FORM, kind).status == 400
