"""The formats of notebooks, and folders as archives."""
from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest

from tests.sandbox.databricks.workspace_files.conftest import Files

SOURCES = {
    "PYTHON": "# Databricks notebook source\nprint(1)\n\n# COMMAND ----------\n\n# MAGIC %md # Title\n# MAGIC text\n",
    "SQL": "-- Databricks notebook source\nselect 1\n\n-- COMMAND ----------\n\n-- MAGIC %python print('ä')\n",
    "SCALA": "// Databricks notebook source\nval x = 1\n\n// COMMAND ----------\n\n// MAGIC %sh ls\n",
    "R": "# Databricks notebook source\nx <- 1\n\n# COMMAND ----------\n\n# MAGIC %md text\n",
}


def put(files: Files, path: str, language: str) -> None:
    assert files.put(path, SOURCES[language], format="SOURCE", language=language).status == 200


def exported(files: Files, path: str, kind: str) -> bytes:
    reply = files.get("export", path, format=kind)
    assert reply.status == 200, reply
    return base64.b64decode(reply.body["content"])


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return packed.getvalue()


def names_in(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


@pytest.mark.parametrize(("language", "kind"), [
    *((language, kind) for language in SOURCES for kind in ("HTML", "DBC")), ("R", "R_MARKDOWN"),
])
def test_a_notebook_comes_back_as_it_was(files: Files, language: str, kind: str) -> None:
    put(files, "/Shared/old", language)
    content = exported(files, "/Shared/old", kind)
    assert files.put("/Shared/new", content, format=kind).status == 200
    status = files.get("get-status", "/Shared/new").body
    assert (status["object_type"], status["language"]) == ("NOTEBOOK", language)
    assert files.content("/Shared/new") == SOURCES[language]


@pytest.mark.parametrize("language", SOURCES)
def test_jupyter_names_the_language(files: Files, language: str) -> None:
    put(files, "/Shared/n", language)
    found = json.loads(exported(files, "/Shared/n", "JUPYTER"))
    assert found["metadata"]["language_info"]["name"] == language.lower()
    assert "".join(found["cells"][0]["source"]) == SOURCES[language].split("\n")[1]


def test_the_page_holds_the_notebook_as_clients_look_for_it(files: Files) -> None:
    put(files, "/Shared/train", "PYTHON")
    found = re.search(r"__DATABRICKS_NOTEBOOK_MODEL = '([^']+)'", exported(files, "/Shared/train", "HTML").decode())
    assert found is not None
    model = json.loads(unquote(base64.b64decode(found[1]).decode()))
    assert (model["version"], model["name"], model["language"]) == ("NotebookV1", "train", "python")
    assert [row["command"] for row in model["commands"]] == ["print(1)", "%md\n# Title\ntext"]


@pytest.mark.parametrize(("kind", "names"), [
    ("DBC", ["a/b/q.sql", "a/train.python"]), ("SOURCE", ["a/b/q.sql", "a/train.py"]),
    ("AUTO", ["a/b/q.sql", "a/data.csv", "a/train.py"]),
])
def test_a_folder_is_exported_as_an_archive(files: Files, kind: str, names: list[str]) -> None:
    files.post("mkdirs", "/Shared/a/b")
    put(files, "/Shared/a/train", "PYTHON")
    put(files, "/Shared/a/b/q", "SQL")
    files.put("/Shared/a/data.csv")
    assert sorted(names_in(exported(files, "/Shared/a", kind))) == names


@pytest.mark.parametrize("kind", ["DBC", "SOURCE"])
def test_a_folder_comes_back_as_it_was(files: Files, kind: str) -> None:
    files.post("mkdirs", "/Shared/a/b")
    put(files, "/Shared/a/train", "PYTHON")
    put(files, "/Shared/a/b/q", "SQL")
    content = exported(files, "/Shared/a", kind)
    assert files.put("/Shared/new", content, format=kind).status == 200
    assert files.types("/Shared/new") == {"/Shared/new/b": "DIRECTORY", "/Shared/new/train": "NOTEBOOK"}
    assert files.content("/Shared/new/b/q") == SOURCES["SQL"]


def test_an_archive_holds_only_what_one_may_see(files: Files, theirs: Files) -> None:
    files.post("mkdirs", "/Shared/a/secret")
    put(files, "/Shared/a/secret/n", "PYTHON")
    put(files, "/Shared/a/open", "PYTHON")
    number = files.get("get-status", "/Shared").body["object_id"]
    files.client.ask("PUT", f"2.0/permissions/directories/{number}", {"access_control_list": []})
    number = files.get("get-status", "/Shared/a/open").body["object_id"]
    files.client.ask("PUT", f"2.0/permissions/notebooks/{number}", {"access_control_list": [
        {"user_name": "owner@example.test", "permission_level": "CAN_READ"}]})
    assert names_in(exported(theirs, "/Shared", "DBC")) == []
    assert exported(theirs, "/Shared/a/open", "SOURCE")


@pytest.mark.parametrize(("content", "fields", "told"), [
    (b"no zip", {"format": "DBC"}, "not an archive"), (b"PK\x03\x04 broken", {"format": "DBC"}, "not an archive"),
    (zipped(a_python="{}"), {"format": "DBC"}, "not a Databricks notebook"),
    (zipped(a_python='{"language": "cobol", "commands": []}'), {"format": "DBC"}, "not a Databricks notebook"),
    (zipped(a_py="1"), {"format": "SOURCE", "overwrite": True}, "overwrite is not supported"),
    (b"<html>", {"format": "HTML"}, "not an exported"), (b"x", {"format": "SOURCE"}, "language must be specified"),
    (b"var __DATABRICKS_NOTEBOOK_MODEL = '%%'", {"format": "HTML"}, "not an exported"),
    (b"var __DATABRICKS_NOTEBOOK_MODEL = 'e30='", {"format": "HTML"}, "not a Databricks notebook"),
])
def test_what_is_no_such_format_is_refused(files: Files, content: bytes, fields: dict[str, Any], told: str) -> None:
    reply = files.put("/Shared/new", content, **fields)
    assert (reply.status, told in reply.message) == (400, True), reply
    assert files.types("/Shared") == {}


def test_an_archive_is_taken_whole_or_not_at_all(files: Files) -> None:
    assert files.put("/Shared/new", zipped(a__a_py="1", a__b_ipynb="no"), format="SOURCE").status == 400
    assert files.types("/Shared") == {}


def test_an_archive_is_not_put_over_something(files: Files) -> None:
    files.post("mkdirs", "/Shared/new")
    assert files.put("/Shared/new", zipped(a__b_py="1"), format="SOURCE").code == "RESOURCE_ALREADY_EXISTS"


@pytest.mark.parametrize("name", ["../../x.py", "a/../../x.py", "/../x.py"])
def test_an_archive_cannot_lead_out_of_its_folder(files: Files, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/ok.py", "1")
        archive.writestr(zipfile.ZipInfo(name), "1")
    body = base64.b64encode(packed.getvalue()).decode()
    reply = files.raw("POST", "workspace/import", {"path": "/Shared/n", "format": "SOURCE", "content": body})
    assert (reply.status, reply.body, files.types("/Shared")) == (400, b"Invalid request path", {})


def test_an_archive_that_swells_is_refused(files: Files) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/bomb.py", b"0" * (11 * 1024 * 1024))
    reply = files.put("/Shared/new", packed.getvalue(), format="SOURCE")
    assert (reply.status, reply.code) == (400, "MAX_NOTEBOOK_SIZE_EXCEEDED")


@pytest.mark.parametrize(("path", "kind", "status"), [
    ("/Shared/a", "HTML", 400), ("/Shared/a", "RAW", 400), ("/Shared/f.txt", "HTML", 400),
    ("/Shared/f.txt", "DBC", 400), ("/Shared/n", "R_MARKDOWN", 501),
])
def test_not_everything_comes_in_every_format(files: Files, path: str, kind: str, status: int) -> None:
    files.post("mkdirs", "/Shared/a")
    files.put("/Shared/f.txt")
    put(files, "/Shared/n", "PYTHON")
    assert files.get("export", path, format=kind).status == status


def test_raw_is_a_file_whatever_it_holds(files: Files) -> None:
    content = zipped(a__b_py="1")
    files.put("/Shared/a.zip", content, format="RAW")
    assert (files.types("/Shared"), exported(files, "/Shared/a.zip", "RAW")) == ({"/Shared/a.zip": "FILE"}, content)
    assert files.put("/Shared/train.py", SOURCES["PYTHON"], format="RAW").status == 501
