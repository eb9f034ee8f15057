"""Agents install what requirements.txt names and nothing else, so it has to name all that is needed."""
from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pinned() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]


def needed(by: Requirement) -> Iterator[Requirement]:
    """What a package of this machine's environment asks for, with the extras `by` asks for."""
    for line in metadata.requires(by.name) or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *by.extras)):
            yield wanted
            yield from needed(wanted) if wanted.extras else ()


def test_whatever_a_pinned_package_needs_is_pinned() -> None:
    names = {canonicalize_name(pin.name) for pin in pinned()}
    wanted = {canonicalize_name(one.name) for pin in pinned() for one in needed(pin)}
    assert {"certifi", "cryptography"} <= wanted
    assert wanted - names == set()


def test_every_line_that_installs_for_the_steps_checks_hashes_and_resolves_nothing() -> None:
    files = [ROOT / "pipelines/steps/prepare_agent.yml", ROOT / "setup/pipeline_setup.yml"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if "pip install" in line]
    assert len(lines) == len(files)
    assert [line for line in lines if "--require-hashes --no-deps" not in line] == []
