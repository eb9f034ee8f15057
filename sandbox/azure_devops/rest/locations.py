"""Where clients learn the routes: the location table, the areas, and who is connected.

An empty list of areas makes every client stay at this address: a list without the area it wants would send it away.
"""
from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.azure_devops.rest.call import Call, Routes, collection

_FILE = Path(__file__).parent / "data" / "locations.json"


@cache
def _records() -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return records


def routes() -> Routes:
    return [
        ("OPTIONS", "_apis", _locations),
        ("OPTIONS", "_apis/{area}", _locations_of_area),
        ("OPTIONS", "_apis/{area}/{rest...}", _locations_of_area),
        ("GET", "_apis/resourceAreas", _areas),
        ("GET", "_apis/connectionData", _connection),
    ]


def _locations(_: Call) -> dict[str, Any]:
    return collection(_records())


def _locations_of_area(call: Call) -> dict[str, Any]:
    area = call.argument("area").casefold()
    return collection(one for one in _records() if one["area"].casefold() == area)


def _areas(_: Call) -> dict[str, Any]:
    return collection([])


def _connection(call: Call) -> dict[str, Any]:
    member = call.member
    user = {"id": member.id, "descriptor": member.descriptor, "subjectDescriptor": member.descriptor,
            "providerDisplayName": member.display_name, "isActive": True,
            "properties": {"Account": {"$type": "System.String", "$value": member.name}}}
    return {"authenticatedUser": user, "authorizedUser": user, "instanceId": call.organisation.id,
            "deploymentType": "hosted", "locationServiceData": {"serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7"}}
