"""A fixed bearer token as `auth` of a session."""
from __future__ import annotations

import requests
from requests.auth import AuthBase


class Bearer(AuthBase):
    """As `auth`, and not as a header, so that a `.netrc` of the agent can never replace the token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
