"""The policy configurations of an organisation, and which of them hold for a branch."""
from __future__ import annotations

from dataclasses import replace

from sandbox.azure_devops.policies.configuration import Branch, Configuration
from sandbox.storage import Storage


class Policies:
    def __init__(self, storage: Storage) -> None:
        self._configurations = storage.table("policy configuration", Configuration)

    def of_project(self, project: str) -> list[Configuration]:
        return [one for one in self._configurations.values() if one.project == project]

    def get(self, project: str, number: int) -> Configuration | None:
        found = self._configurations.get(str(number))
        return found if found and found.project == project else None

    def put(self, configuration: Configuration) -> Configuration:
        """Keep a configuration; without a number it is a new one."""
        kept = replace(configuration, id=configuration.id or self._configurations.next_number())
        self._configurations[str(kept.id)] = kept
        return kept

    def remove(self, configuration: Configuration) -> None:
        del self._configurations[str(configuration.id)]

    def holding(self, project: str, branch: Branch) -> list[Configuration]:
        """Those that are enabled and count for `branch`."""
        return [one for one in self.of_project(project) if one.holds(branch)]

    def protects(self, project: str, branch: Branch) -> bool:
        """Whether the branch takes pull requests only: "A branch with required policies configured can't be deleted,
        and requires pull requests for all changes": https://learn.microsoft.com/azure/devops/repos/git/branch-policies.
        """
        return any(one.blocking for one in self.holding(project, branch))
