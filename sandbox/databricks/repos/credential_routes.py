"""The Git credentials API."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import deny, refuse_missing
from sandbox.databricks.replies import without_empty
from sandbox.databricks.repos.credentials import GitCredential
from sandbox.databricks.repos.errors import no_credential
from sandbox.databricks.repos.providers import credential_provider

_PATH = "/api/2.0/git-credentials"
_READ = "git-credentials/read"


def git_credential_routes() -> Routes:
    return [("POST", _PATH, _create), ("GET", _PATH, _list), ("GET", f"{_PATH}/{{id}}", _get),
            ("PATCH", f"{_PATH}/{{id}}", _update), ("DELETE", f"{_PATH}/{{id}}", _delete)]


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("git-credentials/create", "git_provider")
    owner = _owner(call, fields)
    credential = call.state.git_credentials.add(owner, credential_provider(fields["git_provider"]),
                                                token=fields.get("personal_access_token", ""))
    _change(call, owner, credential, fields)
    return _view(credential)


def _list(call: Call) -> dict[str, Any]:
    owner = _owner(call, call.fields(_READ))
    rows = [_view(credential) for credential in call.state.git_credentials.of(owner)]
    return without_empty(credentials=rows)


def _get(call: Call) -> dict[str, Any]:
    return _view(_named(call, _owner(call, call.fields(_READ))))


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields("git-credentials/update")
    owner = _owner(call, fields)
    credential = _named(call, owner)
    if not fields.get("git_provider"):
        refuse_missing("git_provider")
    call.state.git_credentials.move(owner, credential, credential_provider(fields["git_provider"]))
    _change(call, owner, credential, fields)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    owner = _owner(call, call.fields(_READ))
    call.state.git_credentials.remove(owner, _named(call, owner).id)
    return {}


def _change(call: Call, owner: Principal, credential: GitCredential, fields: dict[str, Any]) -> None:
    credential.token = fields.get("personal_access_token", credential.token)
    credential.username = fields.get("git_username", credential.username)
    credential.email = fields.get("git_email", credential.email)
    credential.name = fields.get("name", credential.name)
    call.state.git_credentials.changed(credential)
    if fields.get("is_default_for_provider"):
        call.state.git_credentials.make_default(owner, credential)


def _owner(call: Call, fields: dict[str, Any]) -> Principal:
    """The caller, or, for an admin, the service principal of which `principal_id` is the id."""
    if "principal_id" not in fields:
        return call.caller
    if not call.is_admin:
        deny(f"{call.caller.name} may not manage the Git credentials of principal {fields['principal_id']}")
    found = call.state.directory.by_id(str(fields["principal_id"]))
    if found is None or found.kind is not PrincipalKind.SERVICE_PRINCIPAL:
        deny(f"Principal {fields['principal_id']} is no service principal of this workspace")
    return found


def _named(call: Call, owner: Principal) -> GitCredential:
    text = call.request.arguments["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise no_credential(text)
    return call.state.git_credentials.get(owner, int(text))


def _view(credential: GitCredential) -> dict[str, Any]:
    return {"credential_id": credential.id, "git_provider": credential.provider,
            "is_default_for_provider": credential.is_default,
            **without_empty(git_username=credential.username, git_email=credential.email, name=credential.name)}
