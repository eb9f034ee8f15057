"""What the error codes of Entra ID mean for the person who has to change something.

Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes. They choose words only; whether a
call failed is never decided by them.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from steps.lib.entra.resource import Resource
from steps.lib.errors import InputError
from steps.lib.wording import cut

_CODE = re.compile(r"AADSTS(\d+)")

_ADVICE = {
    # The application and its tenant.
    "700016": "the application is not known in this tenant; correct ENTRA_CLIENT_ID or ENTRA_TENANT_ID",
    "7000112": "the application is disabled; let an Entra admin enable it",
    "90002": "the tenant does not exist; correct ENTRA_TENANT_ID",
    "900023": "the tenant id is neither a GUID nor a domain name; correct ENTRA_TENANT_ID",
    "500011": "{title} is not known in this tenant; correct ENTRA_TENANT_ID",
    "70011": "the scope is refused; this tenant does not offer {title}",
    "53003": "a Conditional Access policy blocks the sign-in; let an Entra admin exempt this identity",
    # Its secret.
    "7000215": "the client secret is wrong; store the value of the secret, not its id, in ENTRA_CLIENT_SECRET",
    "7000222": "the client secret has expired; make a new one in Entra and store it in ENTRA_CLIENT_SECRET",
    "7000218": "a client secret is demanded; store it in ENTRA_CLIENT_SECRET",
}


def refused(resource: Resource, answer: Mapping[str, Any]) -> InputError:
    """The error dict of msal as one sentence. Entra's own text is kept: it carries the ids an admin asks for."""
    said = str(answer.get("error_description") or answer.get("error") or "")
    found = _CODE.search(said)
    advice = _ADVICE.get(found[1] if found else "", "let the owner of the service principal look at this answer")
    message = (f"{resource.credential_place}: Entra gave no token: {advice.format(title=resource.title)}; "
               f"Entra said {cut(said)!r}")
    return InputError([message])
