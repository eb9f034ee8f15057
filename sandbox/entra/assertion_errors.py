"""The refusals of a client assertion.

Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes. The texts and OAuth words are those
people quote: Azure/azure-workload-identity#616 (70021), #1200 (700211, 700213), Azure/login#180 (700024).
"""
from __future__ import annotations

import datetime

from sandbox.entra.errors import EntraError

_PAGE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
_CODES = {"issuer": 700211, "audience": 700212, "subject": 700213}


def bad_assertion_type(given: str) -> EntraError:
    return EntraError("invalid_request", 7000217, f"The value '{given}' of 'client_assertion_type' is not supported.")


def bad_assertion_signature() -> EntraError:
    return EntraError("invalid_client", 700027, "Client assertion contains an invalid signature.", status=401)


def expired_assertion(now: float, begins: float, ends: float) -> EntraError:
    times = [datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
             for moment in (now, begins, ends)]
    return EntraError("invalid_client", 700024, "Client assertion is not within its valid time range. Current time: "
                      f"{times[0]}, assertion valid from {times[1]}, expiry time of assertion {times[2]}.", status=401)


def no_federation(issuer: str, subject: str, audience: str) -> EntraError:
    """The application trusts no issuer at all."""
    return EntraError("invalid_request", 70021, "No matching federated identity record found for presented assertion. "
                      f"Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: "
                      f"'{audience}'. {_PAGE}")


def no_matching_federation(kind: str, given: str) -> EntraError:
    """`kind` is the first of issuer, subject and audience that no federated credential matches."""
    return EntraError("invalid_client", _CODES[kind], "No matching federated identity record found for presented "
                      f"assertion {kind} '{given}'. Check your federated identity credential Subject, Audience and "
                      f"Issuer against the presented assertion. {_PAGE}", status=401)
