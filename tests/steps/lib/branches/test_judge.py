from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from steps.lib.branches.branch import Branch
from steps.lib.branches.judge import Rules

MAIN = "refs/heads/main"
RULES = Rules(("feature/", "main"), timedelta(days=7), datetime(2026, 1, 1, tzinfo=timezone.utc))


@pytest.mark.parametrize(("ref", "concerned"), [
    ("refs/heads/feature/x", True), ("refs/heads/maintenance", True), (MAIN, False), ("refs/heads/features", False),
    ("refs/heads/a/feature/x", False),
])
def test_rules_concern_what_begins_with_a_prefix_and_never_the_default_branch(ref: str, concerned: bool) -> None:
    assert RULES.concern(Branch(ref, "a1"), MAIN) is concerned
