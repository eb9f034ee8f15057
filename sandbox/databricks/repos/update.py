"""`PATCH /repos/{id}`: another branch or tag, the newest commit of the same branch, other sparse patterns."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.repos.git_folder import GitFolder
from sandbox.databricks.repos.logins import authorization
from sandbox.entra.tenant import Tenant


def update(call: Call, folder: GitFolder, tenant: Tenant) -> dict[str, Any]:
    """The reply is empty, as documented; older versions of the service have shown the Git folder."""
    fields = call.fields("repos/update")
    if fields.get("branch") and fields.get("tag"):
        refuse("Only one of branch and tag can be given")
    if not any(fields.get(name) for name in ("branch", "tag", "sparse_checkout", "git_credential_id")):
        refuse("Missing required field: branch or tag")
    if "sparse_checkout" in fields and folder.sparse is None:
        refuse("Sparse checkout can be changed only where the Git folder was created with it")
    with call.state.lock:
        login = authorization(call, tenant, folder.provider, fields.get("git_credential_id"))
    with folder.lock:
        _switch(folder, fields, login)
        head = folder.checkout.head()
        with call.state.lock:
            folder.keep_stale(call.state.repos.stale_reads)
            folder.head = head
            if fields.get("branch") or fields.get("tag"):
                folder.branch = fields.get("branch", "")
            if "sparse_checkout" in fields:
                folder.sparse = fields["sparse_checkout"].get("patterns", [])
    return {}


def _switch(folder: GitFolder, fields: dict[str, Any], login: str) -> None:
    checkout = folder.checkout
    checkout.fetch(login)
    if fields.get("dangerously_force_discard_all"):
        checkout.discard_all()
    if "sparse_checkout" in fields:
        checkout.set_sparse(fields["sparse_checkout"].get("patterns", []))
    if fields.get("branch"):
        checkout.switch_to_branch(fields["branch"])
    elif fields.get("tag"):
        checkout.switch_to_tag(fields["tag"])
