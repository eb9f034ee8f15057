"""The one way this library opens HTTP: with time limits, and with the proxy and CA bundle of the agent."""
from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

# As many as send at once; further connections would be opened anew for each request.
MOST_CONNECTIONS = 16
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0


class Session(requests.Session):
    """A session in which no request waits for ever. Up to 16 threads may send in it at once."""

    def __init__(self) -> None:
        super().__init__()
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=MOST_CONNECTIONS))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as in requests
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_SECONDS, READ_SECONDS)
        return super().send(request, **kwargs)


def open_session(url: str, environ: Mapping[str, str]) -> Session:
    """A session for `url`, which trusts the CA bundle that `environ` names.

    On loopback neither a proxy nor another CA bundle of the machine is taken: `requests` would let its own reading of
    the process environment win over `verify` (contract: the same rule serves msal, which gets this session).
    """
    session = Session()
    session.trust_env = not is_loopback(url)
    session.verify = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or True
    return session


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def reason(error: requests.RequestException) -> str:
    """Why no reply came, the innermost cause in a few words: `requests` prints its own class names and addresses."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted here; REQUESTS_CA_BUNDLE must name the CA bundle of your organisation"
    if isinstance(error, requests.Timeout):
        return "no reply in time"
    cause: BaseException = error
    while cause.__context__ is not None:
        cause = cause.__context__
    return str(cause) or type(cause).__name__
