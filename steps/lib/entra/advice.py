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

_TRUST = "let an Entra admin add a federated credential with exactly the issuer and subject that the connection shows"
_PRINCIPAL = "use a service principal or workload identity federation in place of ENTRA_PASSWORD"

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
    # Its federated credentials.
    "70021": f"the application trusts no service connection; {_TRUST}",
    "700211": f"the application does not trust the issuer of the service connection; {_TRUST}",
    "700212": "the application wants another audience; in its federated credential set 'api://AzureADTokenExchange'",
    "700213": f"the application does not trust this service connection; {_TRUST}",
    "7002138": f"the application trusts this service connection in another spelling; {_TRUST}",
    "700024": "the token of the service connection has expired on its way; check the clock of the agent, then run the "
              "pipeline again",
    "700027": "Entra does not know the key of the service connection's issuer; correct the issuer in the federated "
              "credential",
    # A user.
    "50126": "the user name or the password is wrong; correct ENTRA_USERNAME or ENTRA_PASSWORD",
    "50034": "the user is not known in this tenant; correct ENTRA_USERNAME or ENTRA_TENANT_ID",
    "50055": "the password has expired; let the user choose a new one and store it in ENTRA_PASSWORD",
    "50056": f"the user has no password in Entra; {_PRINCIPAL}",
    "50057": "the user is disabled; let an Entra admin enable it, or correct ENTRA_USERNAME",
    "50053": "the user is locked after too many wrong passwords; correct ENTRA_PASSWORD, wait, and run again",
    "50076": f"the user needs a second factor, which a pipeline does not have; {_PRINCIPAL}",
    "50079": f"the user has to set up a second factor, which a pipeline cannot use; {_PRINCIPAL}",
    "65001": "the application may not act for users; let an Entra admin grant it consent for {title}",
}


def refused(resource: Resource, answer: Mapping[str, Any], own_advice: Mapping[str, str]) -> InputError:
    """The error dict of msal as one sentence. Entra's own text is kept: it carries the ids an admin asks for.

    `own_advice` comes before the table here.
    """
    said = str(answer.get("error_description") or answer.get("error") or "")
    found = _CODE.search(said)
    code = found[1] if found else ""
    advice = own_advice.get(code) or _ADVICE.get(code, "let the owner of this identity look at this answer")
    message = (f"{resource.credential_place}: Entra gave no token: {advice.format(title=resource.title)}; "
               f"Entra said {cut(said)!r}")
    return InputError([message])
