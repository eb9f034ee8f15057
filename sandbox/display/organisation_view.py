"""What the pages of Azure DevOps would show of a product, read through the organisation's own REST API."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from sandbox.display.devops_rest import DevopsRest, RefusedError

_CHECK_WORDS = {"ExtendsCheck": "required template", "ExclusiveLock": "exclusive lock", "Approval": "approval",
                "Task Check": "branch control"}


@dataclass(frozen=True)
class OrganisationView:
    """Reads `project` of the organisation at `url` with the personal access token of one of its users."""

    url: str
    project: str
    token: str = field(repr=False)

    @property
    def rest(self) -> DevopsRest:
        return DevopsRest(self.url, self.project, self.token)

    def start(self, pipeline: str, parameters: Mapping[str, str], *, ref: str = "",
              stages_to_skip: Sequence[str] = ()) -> int:
        """Start the pipeline of this name, as its page in the organisation does; the number of the run.

        `ref` is a full one; without it the pipeline runs for its default branch.
        """
        found = [one for one in self.rest.rows("build/definitions", name=pipeline) if one["name"] == pipeline]
        if not found:
            known = ", ".join(repr(one["name"]) for one in self.rest.rows("build/definitions"))
            message = f"there is no pipeline {pipeline!r}, expected one of {known}"
            raise RefusedError(message)
        body: dict[str, object] = {"templateParameters": dict(parameters), "stagesToSkip": list(stages_to_skip)}
        if ref:
            body["resources"] = {"repositories": {"self": {"refName": ref}}}
        return int(self.rest.send(f"pipelines/{found[0]['id']}/runs", body)["id"])

    def result(self, run: int) -> str:
        return str(self.rest.send(f"build/builds/{run}").get("result", "none"))

    def files(self, repository: str) -> list[str]:
        rows = self.rest.rows(f"git/repositories/{quote(repository, safe='')}/items", recursionLevel="full")
        return sorted(row["path"].lstrip("/") for row in rows if not row.get("isFolder"))

    def pipelines(self, repository: str) -> dict[str, str]:
        """YAML path of each pipeline of the repository, by name."""
        known = self.rest.send(f"git/repositories/{quote(repository, safe='')}")["id"]
        rows = self.rest.rows("build/definitions", repositoryId=known, repositoryType="TfsGit",
                              includeAllProperties="true")
        return {row["name"]: row["process"]["yamlFilename"] for row in rows}

    def environments(self, prefix: str) -> dict[str, list[str]]:
        """What guards each environment whose name begins so."""
        rows = [row for row in self.rest.rows("distributedtask/environments", name=prefix)
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
        rows = self.rest.rows("pipelines/checks/configurations", resourceType="environment",
                              resourceId=str(environment))
        return sorted(_CHECK_WORDS.get(row["type"]["name"], row["type"]["name"]) for row in rows)
