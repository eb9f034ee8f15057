from __future__ import annotations

from pathlib import Path

import pytest

from steps import find_secrets
from steps.lib import agent

SECRET = "dapi" + "0123456789abcdef" * 2


def run(folder: Path) -> int:
    return agent.run(find_secrets.step, {"PRODUCT_DIRECTORY": str(folder)})


def write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_product_without_secrets_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "notebooks/train.py", b"print(1)")
    assert run(tmp_path) == 0
    assert capsys.readouterr().out == "1 file searched, no secret found\n"


def test_every_secret_is_told_with_its_place_and_without_itself(tmp_path: Path,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "notebooks/train.py", f"# a\ntoken = '{SECRET}'\n".encode())
    write(tmp_path, "a.json", f'{{"token": "{SECRET}"}}'.encode())
    assert run(tmp_path) == 2
    out = capsys.readouterr().out
    assert "a.json:1: looks like a Databricks personal access token" in out
    assert "notebooks/train.py:2: looks like a Databricks personal access token" in out
    assert SECRET not in out


@pytest.mark.parametrize(("name", "content"), [
    pytest.param(".git/config", SECRET.encode(), id="of git"),
    pytest.param("data.bin", b"\0" + SECRET.encode(), id="no text"),
    pytest.param("data.csv", SECRET.encode() + b"x" * find_secrets.LARGEST_BYTES, id="large"),
])
def test_some_files_are_not_searched(tmp_path: Path, name: str, content: bytes) -> None:
    write(tmp_path, name, content)
    assert run(tmp_path) == 0


def test_a_link_out_of_the_checkout_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "outside", SECRET.encode())
    (tmp_path / "product").mkdir()
    (tmp_path / "product/link").symlink_to(tmp_path / "outside")
    assert run(tmp_path / "product") == 0


def test_not_more_are_shown_than_somebody_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "a.py", f"{SECRET}\n".encode() * (find_secrets.MOST_SHOWN + 2))
    assert run(tmp_path) == 2
    assert "2 more are not shown" in capsys.readouterr().out
