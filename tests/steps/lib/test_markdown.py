from __future__ import annotations

import pytest

from steps.lib.markdown import code, code_block


@pytest.mark.parametrize(("text", "shown"), [
    ("Größe 12", "` Größe 12 `"),
    ("<b> [x](y) **z** # h", "` <b> [x](y) **z** # h `"),
    ("a`b", "`` a`b ``"),
    ("``", "``` `` ```"),
    ("a\nb", "` a\\nb `"),
    ("", ""),
    (" ", ""),
])
def test_a_code_span_has_a_fence_longer_than_any_in_it(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.parametrize(("line", "fence"), [("a", "```"), ("```", "````"), ("x ````` y", "``````")])
def test_a_code_block_ends_only_with_its_own_fence(line: str, fence: str) -> None:
    assert code_block([line, "b"]) == [fence, line, "b", fence]


def test_a_line_of_a_code_block_stays_one_line() -> None:
    assert code_block(["a\n```\n# head"]) == ["````", "a\\n```\\n# head", "````"]


def test_commands_to_the_agent_are_disarmed_in_code() -> None:
    assert "##vso[" not in code("##vso[x]") + "".join(code_block(["##vso[x]"]))
