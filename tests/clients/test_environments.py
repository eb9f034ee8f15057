"""How the clients themselves come here."""
from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.clients import environments
from tests.clients.conftest import client
from tests.clients.environments import Environment, NoIndexError, all_environments


def test_an_index_that_cannot_be_reached_is_told_from_everything_else(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in {"CONFIG_FILE": os.devnull, "INDEX_URL": "http://127.0.0.1:9/", "RETRIES": "1"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setattr(environments, "_offline", [])
    for name in ("databricks_cli", "msal"):
        with pytest.raises(NoIndexError, match=r"the package index cannot be reached: [^<]*refused"):
            Environment(name, tmp_path).make()
    assert not (tmp_path / "msal").exists(), "asked again"


def test_what_is_installed_is_not_installed_again() -> None:
    environment = client("databricks_cli")
    before = environment.python.lstat().st_mtime_ns
    environment.make()
    assert environment.python.lstat().st_mtime_ns == before


def test_what_was_moved_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = Environment("databricks_cli", tmp_path)
    moved.folder.mkdir()
    (moved.folder / ".made_of").write_bytes((client("databricks_cli").folder / ".made_of").read_bytes())
    monkeypatch.setattr(environments, "_offline", ["asked for"])
    with pytest.raises(NoIndexError, match="asked for"):
        moved.make()


@pytest.mark.parametrize("name", [one.name for one in all_environments()])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    lines = (Path(__file__).parent / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    packages = [at for at, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
    assert packages
    assert all("==" in lines[at] and "--hash=sha256:" in lines[at + 1] for at in packages)
