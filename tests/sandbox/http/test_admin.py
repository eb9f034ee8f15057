from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.http.admin import admin_application
from sandbox.http.fault_json import fault_from_json
from sandbox.http.faults import Fault, Faults
from sandbox.http.message import Headers, Request, json_response
from sandbox.http.request_log import RequestLog


@dataclass
class Service:
    faults: Faults = field(default_factory=lambda: Faults(lambda _: json_response({})))

    def __post_init__(self) -> None:
        self.log = RequestLog(self.faults)


def ask(service: Service, method: str, path: str, body: object = None, *, origin: str = "") -> tuple[int, Any]:
    content = io.BytesIO(json.dumps(body).encode())
    headers = Headers([("Origin", origin)] if origin else [])
    reply = admin_application({"databricks/dev": service})(Request(method, path, headers=headers, body_stream=content))
    return reply.status, json.loads(reply.body)


def test_posted_fault_strikes_the_service() -> None:
    service = Service()
    fault = {"path": "/x", "status": 429, "headers": {"Retry-After": 2}, "body": {"error_code": "SLOW"}}
    assert ask(service, "POST", "/faults/databricks/dev", fault)[0] == 201
    reply = service.log(Request("GET", "/x"))
    assert (reply.status, reply.headers, reply.body) == (429, {"Retry-After": "2"}, b'{"error_code": "SLOW"}')


def test_faults_are_told_and_cleared() -> None:
    service = Service()
    ask(service, "POST", "/faults/databricks/dev", {"path": "/x", "when": "after", "times": None})
    _, told = ask(service, "GET", "/faults/databricks/dev")
    assert (told["faults"][0]["when"], told["faults"][0]["times"]) == ("after", None)
    ask(service, "DELETE", "/faults/databricks/dev")
    assert service.faults.waiting() == []


def test_requests_are_told_and_cleared() -> None:
    service = Service()
    service.log(Request("PUT", "/x"))
    _, told = ask(service, "GET", "/requests/databricks/dev")
    assert (told["requests"][0]["method"], told["requests"][0]["path"]) == ("PUT", "/x")
    ask(service, "DELETE", "/requests/databricks/dev")
    assert service.log.entries() == []


def test_unknown_service_is_named_with_those_known() -> None:
    assert ask(Service(), "GET", "/faults/nothing") == (
        404, {"message": "no service 'nothing', known are databricks/dev"})


def test_page_in_a_browser_is_refused() -> None:
    assert ask(Service(), "DELETE", "/faults/databricks/dev", origin="https://page.test")[0] == 403


@pytest.mark.parametrize("fault", [
    [], {}, {"path": 1}, {"path": "/x", "status": "500"}, {"path": "/x", "status": True}, {"path": "/x", "pathh": ""},
    {"path": "/x", "when": "never"}, {"path": "/x", "headers": "a"},
    {"path": "/x", "delay": -1}, {"path": "/x", "delay": 1e9}, {"path": "/x", "status": 99},
], ids=str)
def test_fault_that_is_none_is_refused(fault: object) -> None:
    assert ask(Service(), "POST", "/faults/databricks/dev", fault)[0] == 400


@pytest.mark.parametrize(("fault", "problem"), [
    ({"path": "/x", "status": "500"}, 'status: got "500", expected a number'),
    ({"path": "/x", "times": True}, "times: got true, expected a number or null"),
    ({"path": "/x", "paht": ""}, "paht: known are path, method"),
], ids=str)
def test_what_is_wrong_with_a_fault_is_told(fault: object, problem: str) -> None:
    assert ask(Service(), "POST", "/faults/databricks/dev", fault)[1]["message"].startswith(problem)


def test_body_that_is_not_json_is_told() -> None:
    request = Request("POST", "/faults/databricks/dev", headers=Headers([]), body_stream=io.BytesIO(b"{"))
    reply = admin_application({"databricks/dev": Service()})(request)
    assert (reply.status, json.loads(reply.body)["message"][:21]) == (400, "the body is not JSON:")


@pytest.mark.parametrize("path", ["/", "/settings", "/fault/databricks/dev"])
def test_who_is_lost_is_told_where_to_go(path: str) -> None:
    status, told = ask(Service(), "GET", path)
    assert (status, "such as /settings/dev" in told["message"]) == (404, True)


def test_fault_needs_only_a_path() -> None:
    assert fault_from_json({"path": "/x"}) == Fault("/x")
