"""An admin service that sets faults on the other embedded services and tells what they were asked.

`/faults/<service>` takes GET, POST (one fault as JSON, such as `{"preset": "sign-in page", "path": "*"}`) and DELETE;
`/requests/<service>` takes GET and DELETE. Of services that can be adjusted `/settings/<service>` takes GET and PATCH,
`/identities/<service>` GET and POST (`{"name": ...}` answers with a token). `/clock` takes GET and POST (`{"advance":
seconds}`).
"""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from sandbox.http.fault_json import fault_as_json, fault_from_json
from sandbox.http.faults import Faults
from sandbox.http.message import Application, Request, Response, json_response
from sandbox.http.request_log import RequestLog
from sandbox.http.router import Router

Service = TypeVar("Service")


class Watched(Protocol):
    """A service with faults and a log, such as a workspace."""

    @property
    def faults(self) -> Faults: ...

    @property
    def log(self) -> RequestLog: ...


class Adjustable(Protocol):
    """A service that can be told how to behave, and lets in whom it knows; ValueError says what is wrong."""

    def settings(self) -> dict[str, Any]: ...

    def change(self, data: dict[str, Any]) -> dict[str, Any]: ...

    def identities(self) -> list[dict[str, Any]]: ...

    def token(self, name: str) -> str: ...


class Advancing(Protocol):
    def now(self) -> float: ...

    def advance(self, seconds: float) -> None: ...


def admin_application(services: Mapping[str, Watched], adjustable: Mapping[str, Adjustable] | None = None,
                      clock: Advancing | None = None) -> Application:
    """Serves `services` by name. A browser page cannot use it: requests with an `Origin` are refused."""
    router = Router(_nothing)
    handlers: dict[tuple[str, str], Callable[[Watched, Request], Response]] = {
        ("GET", "faults"): _faults, ("POST", "faults"): _add_fault, ("DELETE", "faults"): _clear_faults,
        ("GET", "requests"): _requests, ("DELETE", "requests"): _clear_requests,
    }
    for (method, what), handler in handlers.items():
        router.add(method, f"/{what}/{{service...}}", partial(_for_service, services, handler))
    adjusting: dict[tuple[str, str], Callable[[Adjustable, Request], Response]] = {
        ("GET", "settings"): lambda service, _: json_response(service.settings()),
        ("PATCH", "settings"): lambda service, request: json_response(service.change(_object(request))),
        ("GET", "identities"): lambda service, _: json_response({"identities": service.identities()}),
        ("POST", "identities"): _token,
    }
    for (method, what), adjust in adjusting.items():
        router.add(method, f"/{what}/{{service...}}", partial(_for_service, adjustable or {}, adjust))
    if clock is not None:
        router.add("GET", "/clock", lambda _: json_response({"now": clock.now()}))
        router.add("POST", "/clock", partial(_advance, clock))

    def guarded(request: Request) -> Response:
        if "Origin" in request.headers:
            return _refusal(403, "browsers are not served")
        try:
            return router(request)
        except ValueError as error:
            return _refusal(400, str(error))

    return guarded


def _for_service(services: Mapping[str, Service], handler: Callable[[Service, Request], Response],
                 request: Request) -> Response:
    name = request.arguments["service"]
    if name not in services:
        return _refusal(404, f"no service {name!r}, known are {', '.join(services)}")
    return handler(services[name], request)


def _nothing(request: Request) -> Response:
    """Who is lost is told where to go."""
    return _refusal(404, f"nothing answers {request.method} {request.path}; see docs/sandbox.md for /clock, and for "
                         "/settings, /faults, /requests and /identities of a service, such as /settings/dev")


def _faults(service: Watched, _: Request) -> Response:
    return json_response({"faults": [fault_as_json(fault) for fault in service.faults.waiting()]})


def _add_fault(service: Watched, request: Request) -> Response:
    fault = fault_from_json(_read(request))
    service.faults.add(fault)
    return json_response(fault_as_json(fault), 201)


def _clear_faults(service: Watched, _: Request) -> Response:
    service.faults.clear()
    return json_response({})


def _requests(service: Watched, _: Request) -> Response:
    return json_response({"requests": [entry.as_json() for entry in service.log.entries()]})


def _clear_requests(service: Watched, _: Request) -> Response:
    service.log.clear()
    return json_response({})


def _token(service: Adjustable, request: Request) -> Response:
    name = str(_object(request).get("name", ""))
    return json_response({"name": name, "token": service.token(name)}, 201)


def _advance(clock: Advancing, request: Request) -> Response:
    seconds = _object(request).get("advance")
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        message = f"advance: got {seconds!r}, expected seconds"
        raise ValueError(message)
    clock.advance(seconds)
    return json_response({"now": clock.now()})


def _object(request: Request) -> dict[str, Any]:
    data = _read(request)
    if not isinstance(data, dict):
        message = "expected a JSON object"
        raise ValueError(message)
    return data


def _read(request: Request) -> object:
    try:
        return json.loads(request.body)
    except RecursionError as error:
        message = "nested too deeply"
        raise ValueError(message) from error
    except ValueError as error:
        message = f"the body is not JSON: {error}"
        raise ValueError(message) from error


def _refusal(status: int, message: str) -> Response:
    return json_response({"message": message}, status)
