"""Which permission a refusal asks for: who needs which, and on what."""
from __future__ import annotations

import re

# TF401027: You need the Git 'GenericContribute' permission to perform this action. Details: identity 'Build\<guid>',
# scope 'repository'.
_GIT = re.compile(r"You need the Git '(?P<permission>[^']+)' permission.*?"
                  r"(?:identity '(?P<identity>[^']*)')?(?:,\s*)?(?:scope '(?P<scope>[^']*)')?\.?\s*$", re.DOTALL)
# TF215106: Access denied. X needs Queue builds permissions for build pipeline 1:N in team project P…
_NEEDS = re.compile(r"(?:^|\. )(?P<identity>[^.:]+?) needs (?P<permission>.+?) permissions? "
                    r"(?:for|on|to) (?P<scope>.+?)(?: to perform .*)?(?:\. .*|\.)?$", re.DOTALL)
# VS800075: The project with id 'vstfs:///…' does not exist, or you do not have permission to access it.
_PROJECT = re.compile(r"VS800075: .*?'(?P<project>[^']+)'")
_SEE_PROJECT = "View project-level information"

# The API's names of Git permissions, and what the security page of a repository calls them.
_NAMES = {
    "Administer": "Manage permissions",
    "GenericRead": "Read",
    "GenericContribute": "Contribute",
    "ForcePush": "Force push (rewrite history, delete branches and tags)",
    "CreateBranch": "Create branch",
    "CreateTag": "Create tag",
    "ManageNote": "Manage notes",
    "PolicyExempt": "Bypass policies when pushing",
    "CreateRepository": "Create repository",
    "DeleteRepository": "Delete or disable repository",
    "RenameRepository": "Rename repository",
    "EditPolicies": "Edit policies",
    "RemoveOthersLocks": "Remove others' locks",
    "ManagePermissions": "Manage permissions",
    "PullRequestContribute": "Contribute to pull requests",
    "PullRequestBypassPolicy": "Bypass policies when completing pull requests",
}


def missing_permission(message: str) -> tuple[str, str, str]:
    """`(permission, identity, scope)`; each is empty where the message does not name it."""
    project = _PROJECT.match(message)
    if project:
        return _SEE_PROJECT, "", f"project {project['project']!r}"
    git = _GIT.search(message)
    found = git or _NEEDS.search(message)
    if found is None:
        return "", "", ""
    permission = found["permission"]
    return _NAMES.get(permission, permission) if git else permission, found["identity"] or "", found["scope"] or ""
