"""The token endpoint's errors, with their AADSTS codes.

Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""
from __future__ import annotations

import datetime
import uuid

from sandbox.http.message import Response, json_response


class EntraError(Exception):
    """`error` is the OAuth word a client may branch on; `code` is the number after AADSTS."""

    def __init__(self, error: str, code: int, text: str, *, status: int = 400, suberror: str = "") -> None:
        super().__init__(text)
        self.error = error
        self.suberror = suberror
        self.code = code
        self.text = text
        self.status = status

    def response(self, now: float) -> Response:
        time = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        return json_response({
            "error": self.error,
            "error_description": f"AADSTS{self.code}: {self.text} Trace ID: {trace} "
                                 f"Correlation ID: {correlation} Timestamp: {time}",
            "error_codes": [self.code], "timestamp": time, "trace_id": trace, "correlation_id": correlation,
            **({"suberror": self.suberror} if self.suberror else {}),
        }, self.status, {"Cache-Control": "no-store"})


def unknown_tenant(tenant: str) -> EntraError:
    return EntraError("invalid_request", 90002, f"Tenant '{tenant}' not found. Check to make sure you have the correct "
                      "tenant ID and are signing into the correct cloud.")


def unknown_application(client_id: str, tenant: str) -> EntraError:
    return EntraError("unauthorized_client", 700016, f"Application with identifier '{client_id}' was not found in the "
                      f"directory '{tenant}'.")


def wrong_secret(client_id: str) -> EntraError:
    return EntraError("invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the "
                      "request is the client secret value, not the client secret ID, for a secret added to app "
                      f"'{client_id}'.", status=401)


def expired_secret(client_id: str) -> EntraError:
    return EntraError("invalid_client", 7000222, f"The provided client secret keys for app '{client_id}' are expired.",
                      status=401)


def missing_secret() -> EntraError:
    return EntraError("invalid_client", 7000218, "The request body must contain the following parameter: "
                      "'client_assertion' or 'client_secret'.", status=401)


def missing_parameter(name: str) -> EntraError:
    return EntraError("invalid_request", 900144, f"The request body must contain the following parameter: '{name}'.")


def bad_scope(scope: str) -> EntraError:
    return EntraError("invalid_scope", 70011, "The provided request must include a 'scope' input parameter. The "
                      f"provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.")


def unknown_resource(resource: str, tenant: str) -> EntraError:
    return EntraError("invalid_resource", 500011, f"The resource principal named {resource} was not found in the "
                      f"tenant named {tenant}.")


def unsupported_grant(grant_type: str) -> EntraError:
    return EntraError("unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant_type}'. "
                      "This embedded tenant models client_credentials and password.")
