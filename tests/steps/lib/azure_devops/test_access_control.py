from __future__ import annotations

from sandbox.http.message import json_response
from steps.lib.azure_devops.access_control import GIT, Entry, entries_below
from tests.steps.lib.azure_devops.service import Service, connected


def test_entries_of_others_are_not_taken_for_those_of_the_principal() -> None:
    theirs, ours = {"descriptor": "Other", "allow": 8, "deny": 0}, {"descriptor": "Mine", "allow": 2, "deny": 4}
    rows = [{"token": "repoV2/P", "acesDictionary": {"Mine": ours, "Other": theirs}},
            {"token": "repoV2/P/r", "acesDictionary": {"Other": theirs}}, {"token": "repoV2/P/s"}]
    with connected(Service(lambda _: json_response({"count": 3, "value": rows}))) as devops:
        assert entries_below(devops, GIT, "repoV2/P", "mine") == {"repov2/p": Entry(2, 4)}
