from __future__ import annotations

import pytest

from sandbox.azure_devops.git.pushes import asks_to_skip


@pytest.mark.parametrize("message", [
    "Tidy [skip ci]", "[ci skip] Tidy", "Tidy\n\nskip-checks: true", "skip-checks:true", "[skip azurepipelines]",
    "[azurepipelines skip]", "[skip azpipelines]", "[azpipelines skip]", "[skip azp]", "[azp skip]", "***NO_CI***",
])
def test_every_documented_mark_skips_ci(message: str) -> None:
    assert asks_to_skip(message)


@pytest.mark.parametrize("message", ["skip ci", "[skip]", "[skip tests]", "skip-checks: false", "NO_CI", ""])
def test_other_texts_do_not(message: str) -> None:
    assert not asks_to_skip(message)
