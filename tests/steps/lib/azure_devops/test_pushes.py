from __future__ import annotations

import base64

import pytest

from sandbox.http.message import json_response
from steps.lib.azure_devops.errors import StaleReference
from steps.lib.azure_devops.pushes import NO_COMMIT, Change, ChangeType, push
from tests.steps.lib.azure_devops.service import Service, connected, error, in_turn
from tests.steps.lib.azure_devops.test_repositories import CHURN

DONE = json_response({"refUpdates": [{"newObjectId": "c0ffee"}]}, 201)
CHANGES = [Change(ChangeType.ADD, "a b/ü.json", b"\xef\xbb\xbf{}\r\n"), Change(ChangeType.EDIT, "b.yml", b"x")]


def test_a_push_adds_and_edits_as_told_on_top_of_what_was_seen() -> None:
    service = Service(in_turn(DONE))
    with connected(service) as devops:
        assert push(devops, CHURN, ref="refs/heads/main", old=NO_COMMIT, message="M", changes=CHANGES) == "c0ffee"
    assert service.body["refUpdates"] == [{"name": "refs/heads/main", "oldObjectId": "0" * 40}]
    kinds = [(row["changeType"], row["item"]["path"]) for row in service.body["commits"][0]["changes"]]
    assert kinds == [("add", "/a b/ü.json"), ("edit", "/b.yml")]


def test_content_arrives_byte_for_byte() -> None:
    service = Service(in_turn(DONE))
    with connected(service) as devops:
        push(devops, CHURN, ref="refs/heads/main", old="1" * 40, message="M", changes=CHANGES)
    content = service.body["commits"][0]["changes"][0]["newContent"]
    assert (content["contentType"], base64.b64decode(content["content"])) == ("base64encoded", CHANGES[0].content)


def test_a_branch_that_moved_is_told_by_its_own_error_and_not_tried_again() -> None:
    message = "TF401028: The reference 'refs/heads/main' has already been updated by another client."
    service = Service(in_turn(error(409, "GitReferenceStaleException", message)))
    with connected(service) as devops, pytest.raises(StaleReference):
        push(devops, CHURN, ref="refs/heads/main", old="1" * 40, message="M", changes=CHANGES)
    assert len(service.calls) == 1
