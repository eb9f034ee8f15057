"""A pipeline written into a folder and expanded."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.pipelines.final import to_data
from sandbox.pipelines.repositories import Repositories
from sandbox.pipelines.templates import Expanded, expand

ENTRY = "azure-pipelines.yml"
Expand = Callable[..., Expanded]
Data = Callable[..., Any]


@pytest.fixture
def expanded(tmp_path: Path) -> Expand:
    """Expand a text, or files by path; a path `name:file` lies in the repository `name`."""

    def run(
        files: str | Mapping[str, str],
        *,
        parameters: Mapping[str, object] | None = None,
        predefined: Mapping[str, str] | None = None,
    ) -> Expanded:
        repositories = Repositories()
        for path, text in ({ENTRY: files} if isinstance(files, str) else files).items():
            repository, _, inner = path.rpartition(":")
            file = tmp_path / (repository or "own") / inner
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            repositories.add_folder(repository or "own", tmp_path / (repository or "own"))
        commit = repositories.resolve("own")
        return expand(ENTRY, repositories, commit, parameters=parameters or {}, predefined=predefined or {})

    return run


@pytest.fixture
def final(expanded: Expand) -> Data:
    """The final pipeline as plain data."""
    return lambda *arguments, **named: to_data(expanded(*arguments, **named).root)


@pytest.fixture
def steps(final: Data) -> Data:
    """The steps of the only job of the only stage."""
    return lambda *arguments, **named: final(*arguments, **named)["stages"][0]["jobs"][0]["steps"]


@pytest.fixture
def scripts(steps: Data) -> Data:
    """The scripts of those steps."""
    return lambda *arguments, **named: [step["inputs"]["script"] for step in steps(*arguments, **named)]
