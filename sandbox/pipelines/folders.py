"""Where an agent puts things: the folders of one job, named as on a real agent."""
from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class AgentFolders:
    """The work folder of one agent, which serves one job and is then left as it is."""

    work: Path

    @property
    def build(self) -> Path:
        return self.work / "1"

    @property
    def sources(self) -> Path:
        return self.build / "s"

    @property
    def staging(self) -> Path:
        return self.build / "a"

    @property
    def binaries(self) -> Path:
        return self.build / "b"

    @property
    def test_results(self) -> Path:
        return self.build / "TestResults"

    @property
    def temp(self) -> Path:
        return self.work / "_temp"

    @property
    def tools(self) -> Path:
        return self.work / "_tool"

    def make(self) -> None:
        for folder in (self.sources, self.staging, self.binaries, self.test_results, self.temp, self.tools):
            folder.mkdir(parents=True, exist_ok=True)

    def purge_temp(self) -> None:
        """Scripts in here may hold secrets that were written into them as macros."""
        shutil.rmtree(self.temp, ignore_errors=True)


def clone_folder_name(name: str) -> str:
    """The folder `git clone` would make: the last part of a name or address, without `.git`, port and login."""
    text = re.sub(r"^[^:/]*://", "", name.rstrip("/ "))
    text = text.removesuffix("/.git").rstrip("/")
    if "/" not in text and "@" in text:
        text = text.rpartition("@")[2]
    if "/" not in text:
        text = re.sub(r":\d+$", "", text)
    return re.split(r"[/:]", text)[-1].removesuffix(".git")


def checkout_folder(repository: str, path: str, *, several: bool) -> str:
    """The folder of a checkout, relative to Pipeline.Workspace. The repository's name counts, never its alias."""
    if path:
        return path.strip()
    return f"s/{clone_folder_name(repository)}" if several else "s"
