"""What stands around every answer of the REST API: the version it speaks, and by what support finds a request."""
from __future__ import annotations

import re
import uuid

from sandbox.http.message import Request, Response

_ACCEPTED = re.compile(r"api-version=([^;,\s]+)", re.IGNORECASE)
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}(-preview(\.[0-9]{1,2})?)?")
_JSON = "application/json"


def sealed(request: Request, response: Response) -> Response:
    """`response` with the echoes of the service; JSON names the version of the API that was asked for."""
    activity = str(uuid.uuid4())
    for name, value in (("ActivityId", activity), ("X-TFS-Session", str(uuid.uuid4())), ("X-VSS-E2EID", activity)):
        response.headers.setdefault(name, value)
    version, kind = _version(request), response.headers.get("Content-Type", "")
    if version and kind.startswith(_JSON):
        response.headers["Content-Type"] = f"{kind}; api-version={version}"
    return response


def _version(request: Request) -> str:
    """From the query, else from `Accept`, where the client sends it; empty where neither names one."""
    asked = next((values[0] for key, values in request.query.items() if key.casefold() == "api-version"), "")
    found = _ACCEPTED.search(request.headers.get("Accept", ""))
    version = asked or (found[1] if found else "")
    return version if _VERSION.fullmatch(version) else ""
