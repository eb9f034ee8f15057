"""Lists of what complies with a policy: whose they are, and their pages."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from sandbox.databricks.call import Call
from sandbox.databricks.errors import deny
from sandbox.databricks.offset_pages import page

_DEFAULT_PAGE = 20
_LARGEST_PAGE = 100

Row = TypeVar("Row")


def policy_of(call: Call, fields: dict[str, Any], what: str) -> str:
    """The id of the policy whose `what` are to be listed; that is for admins."""
    if not call.is_admin:
        deny(f"Only admin users can list the compliance of {what}.")
    return call.state.policies.policy(fields["policy_id"]).policy_id


def compliance_page(rows: Iterable[Row], fields: dict[str, Any]) -> tuple[list[Row], str]:
    """The page that `fields` ask for, and the token of the next one."""
    size = min(fields.get("page_size") or _DEFAULT_PAGE, _LARGEST_PAGE)
    return page(rows, size, fields.get("page_token", ""), largest=_LARGEST_PAGE, named="page_size")
