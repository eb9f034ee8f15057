"""What the pages of Azure DevOps would show of a product, read through the organisation's own REST API."""
from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback: no proxy of this machine in between
_CHECK_WORDS = {"ExtendsCheck": "required template", "ExclusiveLock": "exclusive lock", "Approval": "approval",
                "Task Check": "branch control"}


@dataclass(frozen=True)
class OrganisationView:
    """Reads `project` of the organisation at `url` with the personal access token of one of its users."""

    url: str
    project: str
    token: str = field(repr=False)

    def start(self, pipeline: str, parameters: Mapping[str, str]) -> int:
        """Start the pipeline of this name, as its page in the organisation does; the number of the run."""
        [found] = [one for one in self._rows("build/definitions", name=pipeline) if one["name"] == pipeline]
        body = {"definition": {"id": found["id"]}, "templateParameters": dict(parameters)}
        return int(self._send("build/builds", body)["id"])

    def result(self, run: int) -> str:
        return str(self._send(f"build/builds/{run}").get("result", "none"))

    def files(self, repository: str) -> list[str]:
        rows = self._rows(f"git/repositories/{quote(repository, safe='')}/items", recursionLevel="full")
        return sorted(row["path"].lstrip("/") for row in rows if not row.get("isFolder"))

    def pipelines(self, repository: str) -> dict[str, str]:
        """YAML path of each pipeline of the repository, by name."""
        known = self._send(f"git/repositories/{quote(repository, safe='')}")["id"]
        rows = self._rows("build/definitions", repositoryId=known, repositoryType="TfsGit", includeAllProperties="true")
        return {row["name"]: row["process"]["yamlFilename"] for row in rows}

    def environments(self, prefix: str) -> dict[str, list[str]]:
        """What guards each environment whose name begins so."""
        rows = [row for row in self._rows("distributedtask/environments", name=prefix)
                if row["name"].startswith(prefix)]
        return {row["name"]: self._checks(row["id"]) for row in rows}

    def page_of(self, repository: str) -> list[str]:
        """The product as its pages show it."""
        lines = [f"What Azure DevOps shows of {repository} now:"]
        lines += [f"    {'files' if at == 0 else '':<14}{path}" for at, path in enumerate(self.files(repository))]
        lines += [f"    {'pipelines' if at == 0 else '':<14}{name}  ({path})"
                  for at, (name, path) in enumerate(self.pipelines(repository).items())]
        lines += [f"    {'environments' if at == 0 else '':<14}{name}  ({', '.join(checks) or 'unguarded'})"
                  for at, (name, checks) in enumerate(self.environments(f"{repository}-").items())]
        return lines

    def _checks(self, environment: int) -> list[str]:
        rows = self._rows("pipelines/checks/configurations", resourceType="environment", resourceId=str(environment))
        return sorted(_CHECK_WORDS.get(row["type"]["name"], row["type"]["name"]) for row in rows)

    def _rows(self, path: str, **query: object) -> list[dict[str, Any]]:
        return list(self._send(path, **query)["value"])

    def _send(self, path: str, body: object = None, **query: object) -> dict[str, Any]:
        parameters = urlencode({"api-version": "7.1", **query})
        target = f"{self.url.rstrip('/')}/{quote(self.project)}/_apis/{path}?{parameters}"
        credential = base64.b64encode(f":{self.token}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            target, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {credential}", "Content-Type": "application/json"})
        with _OPENER.open(request, timeout=10) as reply:
            data: dict[str, Any] = json.load(reply)
        return data
