"""A user's name and password (OAuth's resource owner password credentials): kept for who has nothing else yet."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msal  # type: ignore[import-untyped]
import requests

from steps.lib import agent
from steps.lib.entra.sign_in import SignIn
from steps.lib.errors import InputError
from steps.lib.http.session import Session

WARNING = ("signing in with a user's name and password: Microsoft is going to end it, and it does not work with a "
           "second factor; use a service principal or workload identity federation, see docs/authentication.md")
ADVICE = {
    "7000218": "the application is no public client; in its app registration allow public client flows",
}
# msal puts the name into an address as it is.
_USER = re.compile(r"[^\s@/?#%\\:]+@[A-Za-z0-9.-]+")


def acquire(sign_in: SignIn, session: Session) -> Mapping[str, Any]:
    """msal's answer for ENTRA_CLIENT_ID, ENTRA_USERNAME and ENTRA_PASSWORD."""
    agent.warning(WARNING)
    user = sign_in.value("ENTRA_USERNAME")
    if not _USER.fullmatch(user):
        raise _refused(sign_in, f"got {user!r}, expected a name like 'anna@example.com'")
    # Without a credential this is a public client; by its own class msal would refuse the flow some day.
    application = msal.ConfidentialClientApplication(
        sign_in.value("ENTRA_CLIENT_ID"), authority=sign_in.authority, instance_discovery=False,
        http_client=_Realm(sign_in, session))
    return dict(application.acquire_token_by_username_password(
        user, sign_in.value("ENTRA_PASSWORD"), scopes=[sign_in.resource.scope]))


class _Realm:
    """msal's way to the network, with two things put right about where it asks for the realm of a user.

    It forgets the port of the authority. And where a domain is federated it would send the password to the address
    that the answer names, so that is where this ends.
    """

    def __init__(self, sign_in: SignIn, session: Session) -> None:
        self._sign_in = sign_in
        self._session = session
        self._authority = urlsplit(sign_in.authority)

    def get(self, url: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as in requests
        parts = urlsplit(url)
        if not parts.path.startswith("/common/userrealm/"):
            return self._session.get(url, **kwargs)
        reply = self._session.get(parts._replace(netloc=self._authority.netloc).geturl(), **kwargs)
        if reply.ok and '"Federated"' in reply.text:
            raise _refused(self._sign_in, "this account signs in at another service than Entra ID, which takes no "
                           "password here; use a service principal")
        return reply

    def post(self, url: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        return self._session.post(url, **kwargs)

    def close(self) -> None:
        self._session.close()


def _refused(sign_in: SignIn, problem: str) -> InputError:
    return InputError([f"{sign_in.resource.credential_place}: ENTRA_USERNAME: {problem}"])
