"""msal signs an application and a user in, and the workspace takes their tokens."""
from __future__ import annotations

import os
from typing import Any

import msal  # type: ignore[import-untyped]
import requests

SCOPE = ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"]
ME = os.environ["DATABRICKS_HOST"] + "/api/2.0/preview/scim/v2/Me"


def application(authority: str, secret: str | None) -> Any:
    """As its documentation says for an authority that is not in Microsoft's list."""
    return msal.ConfidentialClientApplication(
        os.environ["CLIENT_ID"], authority=authority, client_credential=secret, instance_discovery=False)


def who(token: str) -> str:
    """Asked without a proxy, which is there for the sign-in only."""
    session = requests.Session()
    session.trust_env = False
    reply = session.get(ME, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    return str(reply.json().get("userName"))


if __name__ == "__main__":
    app = application(os.environ["AUTHORITY"], os.environ["CLIENT_SECRET"])
    first = app.acquire_token_for_client(SCOPE)
    print("application", who(first["access_token"]))
    print("kept in", app.acquire_token_for_client(SCOPE)["token_source"])
    wrong = application(os.environ["AUTHORITY"], "wrong").acquire_token_for_client(SCOPE)
    print("refused", wrong["error"], *wrong["error_codes"])
    os.environ["HTTPS_PROXY"] = os.environ["TUNNEL"]
    signing_in = application(os.environ["AUTHORITY_AT_443"], None)
    user = signing_in.acquire_token_by_username_password(os.environ["USER_NAME"], os.environ["USER_PASSWORD"], SCOPE)
    print("user", who(user["access_token"]))
    (account,) = signing_in.get_accounts()
    print("account", account["username"])
