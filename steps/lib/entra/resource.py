"""What a token is wanted for, and where a person changes what is wrong with it."""
from __future__ import annotations

from dataclasses import dataclass

PUBLIC_CLOUD_AUTHORITY = "https://login.microsoftonline.com"


@dataclass(frozen=True)
class Resource:
    """A service that takes Entra tokens.

    `url` is where it is served, `scope` what a token is asked for. `authority` is the address of the cloud's Entra ID,
    without a tenant; a person edits it as `authority_name` in `authority_place`, and the credential in
    `credential_place`.
    """

    title: str
    url: str
    scope: str
    credential_place: str
    authority: str = PUBLIC_CLOUD_AUTHORITY
    authority_place: str = "environment"
    authority_name: str = "ENTRA_AUTHORITY"
