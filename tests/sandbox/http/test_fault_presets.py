from __future__ import annotations

import pytest

from sandbox.http.fault_json import fault_from_json
from sandbox.http.fault_presets import names
from sandbox.http.faults import Fault, Faults
from sandbox.http.message import Request, Response, json_response


def answer(name: str, **fields: object) -> Response:
    faults = Faults(lambda _: json_response({"count": 0}), sleep=lambda _: None)
    faults.add(fault_from_json({"preset": name, "path": "*", **fields}))
    return faults(Request("GET", "/org/_apis/projects"))


@pytest.mark.parametrize("name", names())
def test_every_preset_is_a_fault(name: str) -> None:
    assert isinstance(fault_from_json({"preset": name, "path": "*"}), Fault)


@pytest.mark.parametrize(("name", "status", "header", "text"), [
    ("sign-in page", 203, ("Content-Type", "text/html; charset=utf-8"), b"Sign In"),
    ("sign-in refused", 401, ("WWW-Authenticate", 'Basic realm="https://tfsprodweu1.app.visualstudio.com/"'), b""),
    ("sign-in redirect", 302, ("Location", "/_signin"), b"Object moved"),
    ("throttled", 429, ("Retry-After", "1"), b"TF400733"),
    ("slowed down", 200, ("X-RateLimit-Delay", "0.5"), b'{"count": 0}'),
])
def test_presets_answer_as_the_service_does(name: str, status: int, header: tuple[str, str], text: bytes) -> None:
    reply = answer(name)
    assert (reply.status, reply.headers[header[0]], text in reply.body) == (status, header[1], True)


def test_the_refused_sign_in_says_nothing() -> None:
    reply = answer("sign-in refused")
    assert (reply.body, "Content-Type" in reply.headers) == (b"", False)


def test_what_is_written_beside_a_preset_counts() -> None:
    assert answer("throttled", headers={"Retry-After": "7"}).headers["Retry-After"] == "7"
    assert fault_from_json({"preset": "Throttled", "path": "/x", "times": 3}).times == 3


def test_an_unknown_preset_is_named_with_those_known() -> None:
    with pytest.raises(ValueError, match="preset: got 'nothing', known are sign-in-page, sign-in-redirect, "):
        fault_from_json({"preset": "nothing", "path": "*"})


def test_a_preset_alone_strikes_nothing() -> None:
    with pytest.raises(ValueError, match="at least 'path'"):
        fault_from_json({"preset": "throttled"})
