"""Workload identity federation: the pipeline's own service connection proves who it is, and no secret is stored."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msal  # type: ignore[import-untyped]

from steps.lib.entra.service_connection import connection_token
from steps.lib.entra.sign_in import SignIn
from steps.lib.http.session import Session


def acquire(sign_in: SignIn, session: Session) -> Mapping[str, Any]:
    """msal's answer for ENTRA_CLIENT_ID and a token of the service connection.

    That token is good for ten minutes, so msal gets a function, which it calls for each request of its own.
    """
    application = msal.ConfidentialClientApplication(
        sign_in.value("ENTRA_CLIENT_ID"), client_credential={"client_assertion": lambda: connection_token(sign_in)},
        authority=sign_in.authority, instance_discovery=False, http_client=session)
    return dict(application.acquire_token_for_client(scopes=[sign_in.resource.scope]))
