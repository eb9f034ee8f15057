from __future__ import annotations

import io

import pytest

from sandbox.databricks.call import Call
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.errors import ApiError
from sandbox.databricks.form_data import is_form, read_form
from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request

PATH = b'--x\r\nContent-Disposition: form-data; name="path"\r\n\r\n/a\r\n'
FILE = b'--x\r\nContent-Disposition: form-data; filename="path"; name="content"\r\n\r\nbytes\r\n'


def sent(workspace: Workspace, body: bytes, kind: str = "multipart/form-data; boundary=x") -> Call:
    caller = workspace.state.directory.find(PrincipalKind.USER, workspace.token_user)
    assert caller is not None
    return Call(workspace.state, caller, Request("POST", "/", headers=Headers([("Content-Type", kind)]),
                                                 body_stream=io.BytesIO(body)))


def test_name_of_a_file_is_not_the_name_of_its_field(workspace: Workspace) -> None:
    read = read_form(sent(workspace, PATH + FILE + b"--x--\r\n"), "workspace/import", "content")
    assert read == ({"path": "/a"}, b"bytes")


def test_part_without_a_name_is_left_out(workspace: Workspace) -> None:
    nameless = b"--x\r\nContent-Type: text/plain\r\n\r\n/b\r\n"
    call = sent(workspace, PATH + nameless + b"--x--\r\n", "Multipart/Form-Data; Boundary=x")
    assert is_form(call)
    assert read_form(call, "workspace/import", "content") == ({"path": "/a"}, b"")


def test_form_without_a_file_has_no_content(workspace: Workspace) -> None:
    assert read_form(sent(workspace, PATH + b"--x--\r\n"), "workspace/import", "content") == ({"path": "/a"}, b"")


@pytest.mark.parametrize(("text", "is_true"), [("True", True), ("true", True), ("1", False), ("", False)])
def test_overwrite_is_a_boolean_in_words(workspace: Workspace, text: str, is_true: bool) -> None:
    part = f'--x\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\n{text}\r\n--x--\r\n'
    assert read_form(sent(workspace, part.encode()), "dbfs/put") == ({"overwrite": is_true}, b"")


def test_form_that_does_not_say_where_its_parts_end_is_malformed(workspace: Workspace) -> None:
    call = sent(workspace, PATH, "multipart/form-data")
    assert is_form(call)
    with pytest.raises(ApiError, match="form without boundary"):
        read_form(call, "workspace/import")
