"""What the OAuth token endpoint refuses, in the shape of RFC 6749 §5.2."""
from __future__ import annotations

from sandbox.http.message import Response, json_response


class OAuthError(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

    def response(self) -> Response:
        return json_response({"error": self.error, "error_description": self.description}, self.status)


def wrong_client() -> OAuthError:
    """Worded like https://github.com/databricks/databricks-sql-nodejs/issues/279."""
    return OAuthError("invalid_client", "Client authentication failed", 401)


def invalid_subject_token() -> OAuthError:
    return OAuthError("invalid_grant", "subject_token is not valid")


def untrusted_subject_token() -> OAuthError:
    return OAuthError("invalid_grant", "subject_token fits no federation policy")


def unknown_token_type(wanted: str) -> OAuthError:
    return OAuthError("invalid_request", f"subject_token_type must be {wanted}")


def no_form() -> OAuthError:
    return OAuthError("invalid_request", "the body is no form of UTF-8 text")


def unknown_grant(grant_type: str) -> OAuthError:
    return OAuthError("unsupported_grant_type", f"grant_type {grant_type!r} is not supported here")
