"""The team files as the sandbox's administrator sees them: who is named there, and where the workspaces are."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.azure_devops.bare_repository import File

ENVIRONMENTS = ("local", "dev", "test", "prod")


@dataclass
class Named:
    """Everyone whom the team files name, and so must exist in a workspace before a pipeline can run."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    service_principals: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in ENVIRONMENTS})


def named_in(files: Mapping[str, File]) -> Named:
    """Users, groups, and the application ids of each environment in the order written."""
    named = Named()
    for _, data in _team_files(files, "access_control_list.json"):
        for entry in _entries(data):
            named.users.update(filter(None, [entry.get("user_name")]))
            named.groups.update(filter(None, [entry.get("group_name")]))
    for _, data in _team_files(files, "workspaces.json"):
        for environment in ENVIRONMENTS:
            principals = data.get(environment, {}).get("service_principals", [])
            named.service_principals[environment] += [one["application_id"] for one in principals]
    return named


def deployers_of(files: Mapping[str, File], team: str) -> dict[str, str]:
    """The application id that deploys for `team` in each environment: the first one that its file names."""
    data = json.loads(files[f"teams/{team}/workspaces.json"].content)
    return {name: data[name]["service_principals"][0]["application_id"] for name in ENVIRONMENTS}


def rewired(files: Mapping[str, File], hosts: Mapping[str, str], authority: str) -> dict[str, File]:
    """`files` with the workspaces and the Entra authority of every team replaced by the sandbox's addresses."""
    changed = dict(files)
    for path, data in _team_files(files, "workspaces.json"):
        data["entra_authority"] = authority
        for environment, host in hosts.items():
            if environment in data:
                data[environment]["host"] = host
        changed[path] = File((json.dumps(data, indent=2) + "\n").encode())
    return changed


def _team_files(files: Mapping[str, File], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, file in sorted(files.items()):
        folder, _, rest = path.partition("/")
        if folder == "teams" and rest.count("/") == 1 and rest.endswith(f"/{name}"):
            yield path, json.loads(file.content)


def _entries(data: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - plain JSON of a file others own
    """Every entry of every access control list in `data`, at whatever depth."""
    for value in data.values() if isinstance(data, dict) else ():
        if isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, dict))
        else:
            yield from _entries(value)
