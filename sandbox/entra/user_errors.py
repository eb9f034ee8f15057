"""The refusals of a user's sign-in by name and password.

Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""
from __future__ import annotations

from sandbox.entra.errors import EntraError

_MOVED = ("Due to a configuration change made by your administrator, or because you moved to a new location, you must "
          "{what} multi-factor authentication to access '{resource}'.")


def _refusal(code: int, text: str, suberror: str = "") -> EntraError:
    return EntraError("invalid_grant", code, text, suberror=suberror)


def unknown_user(tenant: str) -> EntraError:
    return _refusal(50034, f"The user account {{EUII Hidden}} does not exist in the {tenant} directory. To sign into "
                    "this application, the account must be added to the directory.")


def wrong_password() -> EntraError:
    return _refusal(50126, "Error validating credentials due to invalid username or password.")


def mfa_required(resource: str) -> EntraError:
    return _refusal(50076, _MOVED.format(what="use", resource=resource), "basic_action")


def mfa_enrolment(resource: str) -> EntraError:
    return _refusal(50079, _MOVED.format(what="enroll in", resource=resource), "basic_action")


def expired_password(_: str) -> EntraError:
    return _refusal(50055, "The password is expired.", "user_password_expired")


def conditional_access(_: str) -> EntraError:
    return _refusal(53003, "Access has been blocked by Conditional Access policies. The access policy does not allow "
                    "token issuance.", "message_only")


def disabled_user(_: str) -> EntraError:
    return _refusal(50057, "The user account is disabled.")


def locked_user(_: str) -> EntraError:
    return _refusal(50053, "The account is locked, you've tried to sign in too many times with an incorrect user ID or "
                    "password.")


def no_consent(client_id: str, name: str) -> EntraError:
    return _refusal(65001, f"The user or administrator has not consented to use the application with ID '{client_id}' "
                    f"named '{name}'. Send an interactive authorization request for this user and resource.",
                    "consent_required")
