"""Asking the token endpoint of a workspace."""
from __future__ import annotations

import base64
import io
import json
from typing import Any
from urllib.parse import urlencode

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request
from tests.sandbox.databricks.conftest import Reply

APPLICATION = "11111111-2222-3333-4444-555555555555"
SECRET = "dose-0123456789"
ISSUER, AUDIENCE = "https://issuer.test", "databricks"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"


def basic(client_id: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"


def ask(workspace: Workspace, form: object, authorization: str = "") -> Reply:
    body = form if isinstance(form, bytes) else urlencode(form).encode()  # type: ignore[arg-type]
    response = workspace.application(Request(
        "POST", "/oidc/v1/token", headers=Headers([("Authorization", authorization)] if authorization else []),
        body_stream=io.BytesIO(body)))
    return Reply(response.status, json.loads(response.body))


def grant(workspace: Workspace, secret: str = SECRET, client_id: str = APPLICATION) -> Reply:
    return ask(workspace, {"grant_type": "client_credentials", "scope": "all-apis"}, basic(client_id, secret))


def exchange(workspace: Workspace, token: str, **form: Any) -> Reply:
    return ask(workspace, {"grant_type": EXCHANGE, "subject_token_type": JWT_TYPE, "subject_token": token, **form})
