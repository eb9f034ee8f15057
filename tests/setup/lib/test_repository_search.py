from __future__ import annotations

import pytest

from sandbox.http.message import Request, Response, json_response
from setup.lib.repository_search import PRODUCT, UnknownRepositoryError, named_repository
from steps.lib.azure_devops.errors import PermissionDenied
from tests.steps.lib.azure_devops.service import Service, connected, error


def hidden(*projects: str) -> Service:
    """A service that shows these projects, none of their repositories, and refuses the one that is named."""
    rows = [{"id": "p", "name": name} for name in projects]

    def answer(request: Request) -> Response:
        if request.path.endswith("/_apis/projects"):
            return json_response({"count": len(rows), "value": rows})
        if request.path.endswith("/repositories"):
            return json_response({"count": 0, "value": []})
        return error(403, "GitNeedsPermissionException", "TF401027: You need the Git 'GenericRead' permission")

    return Service(answer)


def test_a_missing_right_in_a_project_that_is_seen_is_told_as_such() -> None:
    with connected(hidden("analytics")) as devops, pytest.raises(PermissionDenied, match="TF401027"):
        named_repository(devops, "analytics", "churn", PRODUCT)


def test_a_project_that_is_not_seen_is_told_by_its_place() -> None:
    told = "REMOTE_PROJECT: project 'analytics': not found, or hidden from this identity"
    with connected(hidden("analysis")) as devops, pytest.raises(UnknownRepositoryError, match=told):
        named_repository(devops, "analytics", "churn", PRODUCT)
