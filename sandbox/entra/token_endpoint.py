"""The HTTP side of a tenant: discovery, user realm and the token endpoints of both versions."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs

from sandbox.clock import Clock
from sandbox.entra import errors
from sandbox.entra.grants import TokenRequest
from sandbox.http.message import Application, Request, Response, json_response
from sandbox.http.router import Router

_PROOFS = ("client_secret", "client_assertion", "client_assertion_type", "username", "password")
# What a client asks for besides, to be told who signed in and to be let in again.
_SIGN_IN_SCOPES = {"openid", "profile", "offline_access", "email"}
_NO_STORE = {"Cache-Control": "no-store"}


class Directory(Protocol):
    """What the endpoints need of a tenant."""

    tenant_id: str
    clock: Clock

    def grant_to_application(self, request: TokenRequest) -> dict[str, Any]: ...

    def grant_to_user(self, request: TokenRequest) -> dict[str, Any]: ...

    def has_domain_of(self, user_principal_name: str) -> bool: ...


def entra_application(directory: Directory) -> Application:
    router = Router()
    for path in ("/{tenant}/v2.0/.well-known/openid-configuration", "/{tenant}/.well-known/openid-configuration"):
        router.add("GET", path, partial(_guarded, directory, partial(_openid_configuration, directory)))
    router.add("GET", "/common/discovery/instance", _instance_discovery)
    router.add("GET", "/common/userrealm/{user}", partial(_user_realm, directory))
    router.add("POST", "/{tenant}/oauth2/v2.0/token", partial(_guarded, directory, partial(_token_v2, directory)))
    router.add("POST", "/{tenant}/oauth2/token", partial(_guarded, directory, partial(_token_v1, directory)))
    return router


def _guarded(directory: Directory, handler: Callable[[Request], Response], request: Request) -> Response:
    try:
        if request.arguments["tenant"].lower() != directory.tenant_id.lower():
            raise errors.unknown_tenant(request.arguments["tenant"])
        return handler(request)
    except errors.EntraError as error:
        return error.response(directory.clock.now())


def _openid_configuration(directory: Directory, request: Request) -> Response:
    base = f"{_base(request)}/{directory.tenant_id}"
    return json_response({
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["code"],
    })


def _instance_discovery(request: Request) -> Response:
    host = request.headers.get("Host", "localhost")
    wanted = request.parameter("authorization_endpoint") or ""
    endpoint = wanted.replace("/oauth2/v2.0/authorize", "/v2.0/.well-known/openid-configuration")
    cloud = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
    return json_response({"tenant_discovery_endpoint": endpoint, "api-version": "1.1", "metadata": [cloud]})


def _user_realm(directory: Directory, request: Request) -> Response:
    user = request.arguments["user"]
    kind = "Managed" if directory.has_domain_of(user) else "Unknown"
    return json_response({"ver": "1.0", "account_type": kind, "domain_name": user.rpartition("@")[2]})


def _token_v2(directory: Directory, request: Request) -> Response:
    form = _form(request)
    scope = _needed(form, "scope")
    wanted = [part for part in scope.split() if part not in _SIGN_IN_SCOPES] if _is_user(form) else [scope]
    if len(wanted) != 1 or not wanted[0].endswith("/.default") or " " in wanted[0]:
        raise errors.bad_scope(scope)
    return _granted(directory, request, form, wanted[0].removesuffix("/.default"))


def _token_v1(directory: Directory, request: Request) -> Response:
    """databricks-sdk asks here, with `resource` in place of a scope."""
    form = _form(request)
    return _granted(directory, request, form, _needed(form, "resource"))


def _granted(directory: Directory, request: Request, form: dict[str, str], resource: str) -> Response:
    request.caller = form.get("username") or form.get("client_id", "")
    wanted = TokenRequest(_needed(form, "client_id"), resource, **{name: form.get(name, "") for name in _PROOFS})
    if not _is_user(form):
        return json_response(directory.grant_to_application(wanted), headers=_NO_STORE)
    for name in ("username", "password"):
        _needed(form, name)
    return json_response(directory.grant_to_user(wanted), headers=_NO_STORE)


def _is_user(form: dict[str, str]) -> bool:
    return form["grant_type"] == "password"


def _form(request: Request) -> dict[str, str]:
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    form = {name: values[-1] for name, values in fields.items()}
    grant_type = _needed(form, "grant_type")
    if grant_type not in {"client_credentials", "password"}:
        raise errors.unsupported_grant(grant_type)
    return form


def _needed(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise errors.missing_parameter(name)
    return form[name]


def _base(request: Request) -> str:
    return f"https://{request.headers.get('Host', 'localhost')}"
