"""`PATCH /repos/{id}`: another branch or tag, the newest commit of the same branch, other sparse patterns."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.repos.checkout import Checkout
from sandbox.databricks.repos.git_folder import GitFolder, Switch
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
        with call.state.lock:
            call.state.repos.get(folder.id)  # it may have been deleted while somebody else's update ran
        checkout = call.state.repos.checkout(folder)
        checkout.fetch(login)
        switch = _switch(checkout, folder, fields)
        if checkout.is_free_for(switch):
            _note(call, folder, switch)
        try:
            checkout.carry_out(switch)
        except BaseException:
            _note(call, folder, None)
            raise
        with call.state.lock:
            _take_over(call, folder, switch)
    return {}


def _switch(checkout: Checkout, folder: GitFolder, fields: dict[str, Any]) -> Switch:
    """What is asked for: with neither branch nor tag everything stays where it is."""
    head, branch = folder.head, folder.branch
    if fields.get("branch"):
        head, branch = checkout.commit_of_branch(fields["branch"]), fields["branch"]
    elif fields.get("tag"):
        head, branch = checkout.commit_of_tag(fields["tag"]), ""
    sparse = fields["sparse_checkout"].get("patterns", []) if "sparse_checkout" in fields else None
    return Switch(head, branch, sparse, discards=fields.get("dangerously_force_discard_all", False))


def _note(call: Call, folder: GitFolder, switch: Switch | None) -> None:
    """On record before git begins, and kept there only until it has ended."""
    with call.state.lock:
        if call.state.repos.get(folder.id) is folder:
            folder.switch = switch
            call.state.repos.changed(folder)


def _take_over(call: Call, folder: GitFolder, switch: Switch) -> None:
    call.state.repos.get(folder.id)  # it may have been deleted as a part of the workspace's files
    folder.keep_stale(call.state.repos.stale_reads)
    folder.take_over(switch)
    call.state.repos.changed(folder)
    call.state.files.forget_missing(folder.path)
