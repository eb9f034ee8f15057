"""Generated files are what their sources say, and the pages of docs stay readable."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.generate_docs import ROOT, generated_files


def test_generated_files_are_up_to_date() -> None:
    stale = [str(path) for path, text in generated_files().items() if (ROOT / path).read_text(encoding="utf-8") != text]
    assert stale == [], "run make docs"


def test_readme_is_at_most_120_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named
    assert named <= targets
