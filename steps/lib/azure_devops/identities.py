"""People and groups of an organization, found by how people call them.

https://learn.microsoft.com/rest/api/azure/devops/ims/identities/read-identities
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps


@dataclass(frozen=True)
class Identity:
    """`id` is the storage key, which approvals and permissions need; the id in Entra is another one."""

    id: str
    descriptor: str
    display_name: str
    names: frozenset[str]


def identities(azure_devops: AzureDevOps, name: str) -> list[Identity]:
    """Those whose e-mail address, account, application id or display name is `name`, in any case of letters."""
    client = azure_devops.client("identity")
    found = azure_devops.call(client.read_identities, search_filter="General", filter_value=name, repeatable=True)
    known = [_identity(one) for one in found or [] if one is not None]
    return [one for one in known if name.casefold() in one.names]


def _identity(model: Any) -> Identity:  # noqa: ANN401 - the package has no types
    properties: Mapping[str, Any] = model.properties or {}
    texts = [model.provider_display_name, model.custom_display_name,
             *(_value(properties.get(key)) for key in ("Account", "Mail", "ApplicationId"))]
    # A group shows itself as `[project]\name`, or `[TEAM FOUNDATION]\name` where it comes from Entra.
    names = {str(text).casefold() for text in texts if text}
    names |= {text.rpartition("\\")[2] for text in names}
    return Identity(str(model.id), str(model.descriptor), str(model.provider_display_name), frozenset(names))


def _value(entry: object) -> object:
    return entry.get("$value") if isinstance(entry, Mapping) else entry
