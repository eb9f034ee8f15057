"""Which function does the work of each task in the catalogue."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks import (
    cache,
    checkout,
    manual_validation,
    pipeline_artifacts,
    python_version,
    scripts,
    test_results,
)
from sandbox.pipelines.tasks.task import Task

WORK: Mapping[str, Callable[[Task], Result]] = {
    "checkout": checkout.check_out,
    "Bash@3": scripts.run_bash,
    "CmdLine@2": scripts.run_command_line,
    "UsePythonVersion@0": python_version.use_python,
    "PublishPipelineArtifact@1": pipeline_artifacts.publish,
    "download": pipeline_artifacts.download_keyword,
    "DownloadPipelineArtifact@2": pipeline_artifacts.download,
    "PublishTestResults@2": test_results.publish_test_results,
    "Cache@2": cache.look_up,
    "ManualValidation@1": manual_validation.validate,
}
