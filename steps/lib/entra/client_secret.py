"""A service principal with a client secret: OAuth's client credentials."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msal  # type: ignore[import-untyped]

from steps.lib.entra.sign_in import SignIn
from steps.lib.http.session import Session


def acquire(sign_in: SignIn, session: Session) -> Mapping[str, Any]:
    """msal's answer for ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET."""
    application = msal.ConfidentialClientApplication(
        sign_in.value("ENTRA_CLIENT_ID"), client_credential=sign_in.value("ENTRA_CLIENT_SECRET"),
        authority=sign_in.authority, instance_discovery=False, http_client=session)
    return dict(application.acquire_token_for_client(scopes=[sign_in.resource.scope]))
