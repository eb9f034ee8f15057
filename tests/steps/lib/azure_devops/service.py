"""A service that answers as it is told: for replies of Azure DevOps that the embedded one cannot give."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.http.message import Request, Response, json_response, text_response
from sandbox.http.server import Server
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.connection import connect
from tests.steps.fake_clock import FakeClock

LOCATIONS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[4] / "sandbox/azure_devops/rest/data/locations.json").read_text())
PROJECTS = "603fe2ac-9723-48b9-88ad-09305aa6c6e1"
PIPELINES = "28e1305e-2afe-47bf-abaf-cbb0e6a91988"
Answer = Callable[[Request], Response]


@dataclass
class Service:
    """`answer` is asked for every business call; discovery is answered like the real service does.

    `table`: what is answered in place of the table of locations.
    """

    answer: Answer = lambda _: json_response({"count": 0, "value": []})
    locations: list[dict[str, Any]] = field(default_factory=lambda: LOCATIONS)
    areas: object = field(default_factory=list)
    table: Response | None = None
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def __call__(self, request: Request) -> Response:
        _ = request.body
        self.requests.append(request)
        if request.method == "OPTIONS" and self.table:
            return self.table
        if request.method == "OPTIONS":
            found = self.locations if request.path.lower() == "/org/_apis" else []
            return json_response({"count": len(found), "value": found})
        if request.path.lower().endswith("/resourceareas"):
            return json_response({"count": 0, "value": self.areas})
        return self.answer(request)

    @property
    def calls(self) -> list[Request]:
        """Without those of discovery."""
        return [one for one in self.requests
                if one.method != "OPTIONS" and not one.path.lower().endswith("/resourceareas")]

    @property
    def body(self) -> Any:
        return json.loads(self.calls[-1].body)


def in_turn(*replies: Response) -> Answer:
    """Answers with one after the other; the last one stays."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def error(status: int, type_key: str, message: str, **headers: str) -> Response:
    return json_response({"$id": "1", "innerException": None, "message": message, "typeName": f"N.{type_key}, N",
                          "typeKey": type_key, "errorCode": 0, "eventId": 3000}, status,
                         {name.replace("_", "-"): value for name, value in headers.items()})


def page(status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    html = "<html><head><title>Azure DevOps Services | Sign In</title></head></html>"
    return text_response(html, status, {"Content-Type": "text/html; charset=utf-8", **(headers or {})})


@contextmanager
def connected(service: Service, clock: FakeClock | None = None, **environ: str) -> Iterator[AzureDevOps]:
    """The service behind a real server, and a client of it."""
    with Server(service) as server:
        service.url = f"{server.url}/Org"
        with connect(service.url, {"AZURE_DEVOPS_EXT_PAT": "s3cret", **environ}, clock or FakeClock()) as devops:
            yield devops
