from __future__ import annotations

import pytest

from sandbox.pipelines.masking import Masker


def masker(*secrets: str) -> Masker:
    made = Masker()
    for secret in secrets:
        made.add(secret)
    return made


LINES = [
    pytest.param(["s3cret"], "a s3cret b", "a *** b", id="whole value"),
    pytest.param(["s3cret"], "as3cretb s3cret", "a***b ***", id="every place"),
    pytest.param(["s3cret"], "S3CRET", "S3CRET", id="case counts"),
    pytest.param(["abc", "cde"], "xabcdex", "x***x", id="overlapping"),
    pytest.param(["abc", "def"], "abcdef", "***", id="adjacent"),
    pytest.param(["abc", "abcdef"], "abcdef abc", "*** ***", id="one inside the other"),
    pytest.param(["aa"], "aaa", "***", id="overlapping itself"),
    pytest.param(["one\ntwo-lines"], "only two-lines here", "only *** here", id="each line of several"),
    pytest.param(["  padded "], "is padded.", "is ***.", id="trimmed"),
    pytest.param(['say "hi"'], r"{'say \"hi\"'}", "{'***'}", id="as JSON"),
    pytest.param(["a/b c"], "?x=a%2Fb%20c", "?x=***", id="in an address"),
    pytest.param(["s3cret"], "czNjcmV0", "***", id="base64"),
    pytest.param([""], "nothing", "nothing", id="empty"),
    pytest.param(["a"], "banana", "b***n***n***", id="one character"),
]


@pytest.mark.parametrize(("secrets", "line", "masked"), LINES)
def test_secrets_become_stars(secrets: list[str], line: str, masked: str) -> None:
    assert masker(*secrets).mask(line) == masked


def test_a_line_before_the_secret_was_known_is_not_masked() -> None:
    made = masker()
    assert made.mask("s3cret") == "s3cret"
