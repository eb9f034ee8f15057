"""The flows of the token endpoint: who proves what, and which refusal each missing proof gets."""
from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.entra import assertion_errors, errors, user_errors
from sandbox.entra.federation import Issuers
from sandbox.entra.principals import AppRegistration, Hindrance, Principals, User

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_REFUSALS = {
    Hindrance.MFA_REQUIRED: user_errors.mfa_required,
    Hindrance.MFA_ENROLMENT: user_errors.mfa_enrolment,
    Hindrance.PASSWORD_EXPIRED: user_errors.expired_password,
    Hindrance.CONDITIONAL_ACCESS: user_errors.conditional_access,
    Hindrance.DISABLED: user_errors.disabled_user,
    Hindrance.LOCKED: user_errors.locked_user,
}


@dataclass(frozen=True)
class TokenRequest:
    """A request for a token; `resource` is the same in both versions of the endpoint."""

    client_id: str
    resource: str
    client_secret: str = field(default="", repr=False)
    client_assertion: str = field(default="", repr=False)
    client_assertion_type: str = ""
    username: str = ""
    password: str = field(default="", repr=False)


class Grants:
    """Checks the proofs of a request; what it raises is an `EntraError`."""

    def __init__(self, tenant_id: str, principals: Principals, issuers: Issuers, clock: Clock) -> None:
        self._tenant_id = tenant_id
        self._principals = principals
        self._issuers = issuers
        self._clock = clock

    def application(self, request: TokenRequest) -> AppRegistration:
        """The application itself, by its secret or by a token of an issuer it trusts."""
        registration = self._known(request)
        if request.client_assertion:
            self._check_assertion(request, registration)
        elif request.client_secret:
            self._check_secret(request, registration)
        else:
            raise errors.missing_secret()
        return registration

    def user(self, request: TokenRequest) -> User:
        """A user by name and password, through an application that may ask for them."""
        registration = self._known(request)
        if request.client_secret:
            self._check_secret(request, registration)
        elif not registration.public_client:
            raise errors.missing_secret()
        user = self._principals.user(request.username)
        if user is None:
            raise user_errors.unknown_user(self._tenant_id)
        if not hmac.compare_digest(user.password.encode(), request.password.encode()):
            raise user_errors.wrong_password()
        if user.hindrance in _REFUSALS:
            raise _REFUSALS[user.hindrance](request.resource)
        if not registration.consented:
            raise user_errors.no_consent(registration.client_id, registration.display_name)
        return user

    def _known(self, request: TokenRequest) -> AppRegistration:
        registration = self._principals.application(request.client_id)
        if registration is None:
            raise errors.unknown_application(request.client_id, self._tenant_id)
        return registration

    def _check_secret(self, request: TokenRequest, registration: AppRegistration) -> None:
        if not hmac.compare_digest(registration.client_secret.encode(), request.client_secret.encode()):
            raise errors.wrong_secret(registration.client_id)
        if self._clock.now() >= registration.secret_ends:
            raise errors.expired_secret(registration.client_id)

    def _check_assertion(self, request: TokenRequest, registration: AppRegistration) -> None:
        if request.client_assertion_type != JWT_BEARER:
            raise assertion_errors.bad_assertion_type(request.client_assertion_type)
        claims = self._issuers.claims(request.client_assertion)
        if claims is None:
            raise assertion_errors.bad_assertion_signature()
        if not claims["nbf"] <= self._clock.now() < claims["exp"]:
            raise assertion_errors.expired_assertion(self._clock.now(), claims["nbf"], claims["exp"])
        issuer, subject, audience = (str(claims.get(name)) for name in ("iss", "sub", "aud"))
        trusted = self._principals.trusted_by(registration.client_id)
        if not trusted:
            raise assertion_errors.no_federation(issuer, subject, audience)
        # One after the other, as the service tells which of the three does not match. It compares case, too.
        for kind, given in (("issuer", issuer), ("subject", subject), ("audience", audience)):
            trusted = tuple(one for one in trusted if getattr(one, kind) == given)
            if not trusted:
                raise assertion_errors.no_matching_federation(kind, given)
