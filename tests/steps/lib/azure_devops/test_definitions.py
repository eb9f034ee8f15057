from __future__ import annotations

from sandbox.http.message import json_response
from steps.lib.azure_devops.definitions import definitions_running
from tests.steps.lib.azure_devops.service import Service, connected


def test_only_pipelines_of_exactly_this_yaml_count_whatever_the_service_finds() -> None:
    paths = ["/pipelines/jobs.yml", "pipelines/jobs.yml", "old/pipelines/jobs.yml", "pipelines/jobs.yml.bak"]
    rows = [{"id": number, "process": {"yamlFilename": path}} for number, path in enumerate(paths)]
    answer = json_response({"count": 5, "value": [*rows, {"id": 4}]})
    with connected(Service(lambda _: answer)) as devops:
        assert [one["id"] for one in definitions_running(devops, "p", "pipelines/jobs.yml")] == [0, 1]
