"""`POST /repos`: a new Git folder. The state's lock is held before and after git works, not meanwhile."""
from __future__ import annotations

import shutil
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.databricks.call import Call
from sandbox.databricks.errors import not_modelled, refuse
from sandbox.databricks.repos.checkout import Checkout
from sandbox.databricks.repos.errors import no_parent_folder, repo_exists
from sandbox.databricks.repos.git_folder import GitFolder, Switch
from sandbox.databricks.repos.logins import authorization
from sandbox.databricks.repos.providers import repo_provider
from sandbox.databricks.workspace_files.files import REPOS
from sandbox.databricks.workspace_files.folders import in_git_folder
from sandbox.databricks.workspace_files.paths import child, is_below, names_of, parent_of, read_path
from sandbox.databricks.workspace_files.tree import Kind
from sandbox.entra.tenant import Tenant


@dataclass(frozen=True)
class Wanted:
    path: str
    url: str
    provider: str
    authorization: str
    sparse: list[str] | None


def create(call: Call, tenant: Tenant) -> dict[str, object]:
    with call.state.lock:
        wanted = _read(call, tenant)
        _check_place(call, wanted.path)
    place = call.state.repos.new_place()
    staged = Checkout(place / "git", place / "files", wanted.url)
    try:
        branch = staged.create(wanted.authorization, wanted.sparse)
        head = staged.head()
        with call.state.lock:
            _check_place(call, wanted.path)  # somebody else may have been faster
            return _put_in_place(call, wanted, staged, Switch(head, branch)).as_json()
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _read(call: Call, tenant: Tenant) -> Wanted:
    fields = call.fields("repos/create", "url", "provider")
    _check_url(fields["url"])
    provider = repo_provider(fields["provider"])
    own = read_path(f"{REPOS}/{call.caller.name}")
    path = read_path(fields["path"]) if fields.get("path") else child(own, _repository_name(fields["url"]))
    if not fields.get("path") and call.state.files.find(own) is None:
        call.state.files.make_folders(own, call.caller)
    sparse = fields["sparse_checkout"].get("patterns", []) if "sparse_checkout" in fields else None
    return Wanted(path, fields["url"], provider,
                  authorization(call, tenant, provider, fields.get("git_credential_id")), sparse)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        refuse("url is not a URL")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
        refuse("url must be the http or https address of a Git repository")
    if password:
        refuse("url must hold no password; store it as a Git credential")


def _repository_name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2].removesuffix(".git") or "repository"


def _check_place(call: Call, path: str) -> None:
    files, folder = call.state.files, parent_of(path)
    if is_below(path, REPOS) and len(names_of(path)) != 3:
        refuse(f"path must be {REPOS}/<folder>/<name>, got {path}")
    if not is_below(path, REPOS) and len(names_of(path)) < 3:
        refuse(f"path must lie in a folder of {REPOS} or in a user's own folder, got {path}")
    parent = files.find(folder)
    if parent is None or parent.kind is not Kind.DIRECTORY:
        raise no_parent_folder(folder)
    if in_git_folder(files, folder):
        what = "a Git folder in another one"
        raise not_modelled(what)
    files.check_folder(folder, call.caller)
    if files.find(path) is not None:
        raise repo_exists(path)


def _put_in_place(call: Call, wanted: Wanted, staged: Checkout, switch: Switch) -> GitFolder:
    files = call.state.files
    files.tree.put(wanted.path, staged.work_tree)
    files.git_folders.add(wanted.path)
    entry = files.entry(wanted.path, call.caller)
    files.own(entry, call.caller)
    folder = GitFolder(files.object_id(entry), wanted.path, wanted.url, wanted.provider, staged.git_folder.parent.name,
                       branch=switch.branch, head=switch.head, sparse=wanted.sparse)
    call.state.repos.add(folder)
    return folder
