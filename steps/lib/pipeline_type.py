"""The closed set of pipeline types, and the one table a step keeps where its work differs by type."""
from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from steps.lib.errors import InputError

Work = TypeVar("Work")


class PipelineType(str, Enum):
    CLUSTER = "cluster"
    JOBS = "jobs"


def work_for(pipeline_type: PipelineType, table: Mapping[PipelineType, Work]) -> Work:
    """The function of `table` for this pipeline type; any other type is an input error."""
    if pipeline_type not in table:
        served = ", ".join(kind.value for kind in table)
        message = f"environment: PIPELINE_TYPE: got {pipeline_type.value!r}, this step serves {served}"
        raise InputError([message])
    return table[pipeline_type]
