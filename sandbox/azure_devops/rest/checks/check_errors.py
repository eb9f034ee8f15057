"""How checks and approvals are refused."""
from __future__ import annotations

from sandbox.azure_devops.rest.errors import RestError


def no_check(number: str) -> RestError:
    return RestError(404, "CheckConfigurationNotFoundException", f"Check configuration {number} could not be found.")


def no_approval(approval_id: str) -> RestError:
    return RestError(404, "ApprovalNotFoundException", f"Approval with id {approval_id} could not be found.")


def refused_approval(message: str, *, still_open: bool) -> RestError:
    """403 for a person who is not asked, 400 for an approval that is over: neither is recorded from the service."""
    if still_open:
        return RestError(403, "ApprovalUnauthorizedException", message)
    return RestError(400, "ApprovalAlreadyCompletedException", message)
