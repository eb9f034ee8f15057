from __future__ import annotations

import pytest

from setup.lib.release import newest_release


@pytest.mark.parametrize(("tags", "newest"), [
    (["v1.9.0", "v1.10.0", "v1.2.0"], "v1.10.0"),
    (["v1.0.0", "v2.0.0-rc.1"], "v1.0.0"),
    (["v2.0.0-rc.2", "v2.0.0-rc.10", "v2.0.0-beta"], "v2.0.0-rc.10"),
    (["v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-1"], "v1.0.0-alpha.1"),
    (["v1.0.0", "v9", "9.9.9", "v9.9.9x", "nightly"], "v1.0.0"),
], ids=["numbers-not-text", "release-before-pre-release", "numbers-in-labels", "words-after-numbers", "not-a-version"])
def test_newest_release_is_the_highest_version(tags: list[str], newest: str) -> None:
    assert newest_release([f"refs/tags/{tag}" for tag in tags]) == f"refs/tags/{newest}"


def test_no_version_at_all_is_no_release() -> None:
    assert newest_release(["refs/tags/nightly"]) is None
