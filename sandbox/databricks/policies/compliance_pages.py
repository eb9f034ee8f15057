"""Pages of lists of what complies with a policy: a token is the number of the row with which the page begins."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sandbox.databricks.call import Call
from sandbox.databricks.errors import deny, refuse

_DEFAULT_PAGE = 20
_LARGEST_PAGE = 100

Row = TypeVar("Row")


def policy_of(call: Call, fields: dict[str, Any], what: str) -> str:
    """The id of the policy whose `what` are to be listed; that is for admins."""
    if not call.is_admin:
        deny(f"Only admin users can list the compliance of {what}.")
    return call.state.policies.policy(fields["policy_id"]).policy_id


def page(rows: Sequence[Row], fields: dict[str, Any]) -> tuple[Sequence[Row], str]:
    """The page that `fields` ask for, and the token of the next one."""
    size, token = fields.get("page_size") or _DEFAULT_PAGE, fields.get("page_token") or "0"
    if size < 0 or not (token.isascii() and token.isdecimal()) or len(token) > 9:
        refuse("page_size must not be negative and page_token one that a list has given")
    behind = int(token) + min(size, _LARGEST_PAGE)
    return rows[int(token):behind], str(behind) if len(rows) > behind else ""
