from __future__ import annotations

from sandbox.pipelines.tasks.catalogue import CHECKOUT, DOWNLOAD, PUBLISH, TASKS, canonical_task
from sandbox.pipelines.tasks.implementations import WORK


def test_every_task_of_the_catalogue_has_its_work() -> None:
    assert TASKS.keys() == WORK.keys()


def test_what_keywords_become_has_a_name_here() -> None:
    assert [canonical_task(name) for name in (CHECKOUT, DOWNLOAD, PUBLISH, "bash@3", "Other@1")] == [
        "checkout", "download", "PublishPipelineArtifact@1", "Bash@3", "Other@1",
    ]
