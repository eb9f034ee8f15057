"""The team files as the sandbox's administrator sees them: who is named there, and where the workspaces are."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.azure_devops.git.bare_repository import File
from sandbox.errors import SandboxError

ENVIRONMENTS = ("local", "dev", "test", "prod")


class TeamFileError(SandboxError):
    """A file of the project is not fit to start a sandbox from; reads as `<file>: <what is wrong>`."""


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


def approvers_in(files: Mapping[str, File]) -> list[str]:
    """People and groups who approve deployments in some team's file, each once."""
    found = [name for _, data in _team_files(files, "environments.json") for environment in data.values()
             if isinstance(environment, Mapping) for name in (environment.get("approval") or {}).get("approvers", [])]
    return list(dict.fromkeys(map(str, found)))


def deployers_of(files: Mapping[str, File], team: str) -> dict[str, str]:
    """The application id that deploys for `team` in each environment: the first one that its file names."""
    path = f"teams/{team}/workspaces.json"
    data = read_json(files, path)
    try:
        return {name: data[name]["service_principals"][0]["application_id"] for name in ENVIRONMENTS}
    except (KeyError, IndexError, TypeError) as error:
        message = f"{path}: expected a service principal with an application_id in each of {', '.join(ENVIRONMENTS)}"
        raise TeamFileError(message) from error


def read_json(files: Mapping[str, File], path: str) -> dict[str, Any]:
    """The JSON object in `path`, or a TeamFileError that names the line."""
    try:
        data = json.loads(files[path].content)
    except KeyError as error:
        message = f"{path}: is missing; the sandbox cannot tell its workspaces apart without it"
        raise TeamFileError(message) from error
    except ValueError as error:
        message = f"{path}: no JSON: {error}"
        raise TeamFileError(message) from error
    if not isinstance(data, dict):
        message = f"{path}: got {type(data).__name__}, expected an object"
        raise TeamFileError(message)
    return data


@dataclass(frozen=True)
class Place:
    """Where one environment is in the sandbox, and the application id that deploys to it for every team."""

    host: str
    deployer: str


def rewired(files: Mapping[str, File], places: Mapping[str, Place], authority: str) -> dict[str, File]:
    """`files` with every team's workspaces, their first principal and the Entra authority made the sandbox's own."""
    changed = dict(files)
    for path, data in _team_files(files, "workspaces.json"):
        data["entra_authority"] = authority
        for environment, place in places.items():
            row = data.setdefault(environment, {})
            row["host"] = place.host
            # There is one variable group for an environment, so one principal deploys there for all teams.
            row["service_principals"] = [{**_first(row), "application_id": place.deployer}, *_others(row)]
        changed[path] = File((json.dumps(data, indent=2) + "\n").encode())
    return changed


def _first(row: dict[str, Any]) -> dict[str, Any]:
    return next(iter(row.get("service_principals", [])), {"permission_level": "CAN_MANAGE"})


def _others(row: dict[str, Any]) -> list[dict[str, Any]]:
    return list(row.get("service_principals", [])[1:])


def _team_files(files: Mapping[str, File], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(files):
        folder, _, rest = path.partition("/")
        if folder == "teams" and rest.count("/") == 1 and rest.endswith(f"/{name}"):
            yield path, read_json(files, path)


def _entries(data: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - plain JSON of a file others own
    """Every entry of every access control list in `data`, at whatever depth."""
    for value in data.values() if isinstance(data, dict) else ():
        if isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, dict))
        else:
            yield from _entries(value)
