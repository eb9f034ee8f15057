from __future__ import annotations

import pytest

from steps.lib.http.session import CONNECT_SECONDS, READ_SECONDS, is_loopback, open_session


@pytest.mark.parametrize(("url", "loopback"), [
    ("http://127.0.0.1:80", True), ("http://127.9.9.9", True), ("https://localhost:1", True), ("http://[::1]:5", True),
    ("https://adb-1.1.azuredatabricks.net", False), ("http://127.0.0.1.example.com", False), ("http://10.0.0.1", False),
    ("https://localhost.example.com", False), ("nonsense", False),
])
def test_loopback_is_recognised(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


@pytest.mark.parametrize(("environ", "verify"), [
    ({}, True), ({"REQUESTS_CA_BUNDLE": "/a"}, "/a"), ({"CURL_CA_BUNDLE": "/b"}, "/b"),
    ({"REQUESTS_CA_BUNDLE": "/a", "CURL_CA_BUNDLE": "/b"}, "/a"),
], ids=["none", "requests", "curl", "both"])
def test_the_ca_bundle_comes_from_the_environment_of_the_step(environ: dict[str, str], verify: bool | str) -> None:
    assert open_session("https://h.test", environ).verify == verify


def test_no_request_waits_for_ever(requests_mock: object) -> None:
    session = open_session("https://h.test", {})
    requests_mock.get("https://h.test/")  # type: ignore[attr-defined]
    session.get("https://h.test/")
    assert requests_mock.last_request.timeout == (CONNECT_SECONDS, READ_SECONDS)  # type: ignore[attr-defined]


def test_the_proxy_of_the_agent_is_not_used_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:1")
    settings = open_session("http://127.0.0.1:5", {}).merge_environment_settings("http://127.0.0.1:5", {}, None, None,
                                                                                 None)
    assert not settings["proxies"]
