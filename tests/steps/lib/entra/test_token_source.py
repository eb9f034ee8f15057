from __future__ import annotations

import threading

import pytest

from steps.lib.entra.provider import Provider, Token
from steps.lib.entra.resource import Resource
from steps.lib.entra.token_source import TokenSource
from tests.steps.fake_clock import FakeClock

RESOURCE = Resource("Azure DevOps", "https://h.test", "scope/.default", "environment")


class Numbered:
    """Gives `t1`, `t2` … with the same life each."""

    def __init__(self, seconds: float | None, *, basic: bool = False) -> None:
        self.clock = FakeClock()
        self.made = 0
        self._seconds = seconds
        provider = Provider("numbered", "KEY", (), lambda *_: self._next(), basic)
        self.source = TokenSource(provider, RESOURCE, {}, self.clock)

    def _next(self) -> Token:
        self.made += 1
        return Token(f"t{self.made}", self._seconds)

    def after(self, seconds: float) -> str:
        self.clock.sleep(seconds)
        return self.source.token()


def test_a_token_is_made_when_first_asked_for_and_kept() -> None:
    numbered = Numbered(3600)
    assert numbered.made == 0
    assert [numbered.after(0), numbered.after(3000)] == ["t1", "t1"]


def test_a_token_is_renewed_five_minutes_before_it_ends() -> None:
    numbered = Numbered(3600)
    assert [numbered.after(0), numbered.after(3299), numbered.after(1), numbered.after(0)] == ["t1", "t1", "t2", "t2"]


def test_a_token_of_short_life_is_used_for_half_of_it() -> None:
    numbered = Numbered(100)
    assert [numbered.after(0), numbered.after(49), numbered.after(1)] == ["t1", "t1", "t2"]


def test_a_token_without_an_end_is_never_renewed() -> None:
    numbered = Numbered(None)
    assert [numbered.after(0), numbered.after(1e9)] == ["t1", "t1"]


def test_every_new_token_is_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    numbered = Numbered(3600)
    numbered.after(0)
    numbered.after(3600)
    assert capsys.readouterr().out.splitlines() == ["##vso[task.setsecret]t1", "##vso[task.setsecret]t2"]


def test_threads_ask_for_one_token_together() -> None:
    numbered = Numbered(3600)
    threads = [threading.Thread(target=numbered.source.token) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbered.made == 1


@pytest.mark.parametrize(("basic", "header"), [(False, "Bearer t1"), (True, "Basic OnQx")])
def test_the_header_is_a_bearer_or_a_password(basic: bool, header: str) -> None:
    assert Numbered(None, basic=basic).source.header() == header


def test_a_token_is_not_shown_by_repr() -> None:
    assert "s3cret" not in repr(Token("s3cret", 1.0))
