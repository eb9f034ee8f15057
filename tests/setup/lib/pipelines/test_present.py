from __future__ import annotations

from setup.lib.pipelines.present import Shared, group_names
from steps.lib.azure_devops.checks import Resource


def test_a_group_that_two_pipelines_use_is_one_resource() -> None:
    groups = {name: {"id": number, "name": name} for number, name in enumerate(group_names(), start=1)}
    shared = Shared(groups, Resource("queue", "7"), Resource("repository", "p.r"))
    found = shared.resources()
    assert len(set(found)) == len(found) == len(groups) + 2
