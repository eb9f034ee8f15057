"""The policy configurations of an organisation, and which of them hold for a branch."""
from __future__ import annotations

from dataclasses import replace

from sandbox.azure_devops.policies.configuration import Branch, Configuration
from sandbox.storage import Storage


class Policies:
    def __init__(self, storage: Storage) -> None:
        self._configurations = storage.table("policy configuration", Configuration)
        self._by_project = self._configurations.index(lambda one: [one.project])
        # Under '' those for every repository of their project.
        self._by_repository = self._configurations.index(lambda one: {scope.repository.casefold()
                                                                      for scope in one.scopes})

    def of_project(self, project: str) -> list[Configuration]:
        return self._by_project.of(project)

    def get(self, project: str, number: int) -> Configuration | None:
        found = self._configurations.get(str(number))
        return found if found and found.project == project else None

    def put(self, configuration: Configuration) -> Configuration:
        """Keep a configuration; without a number it is a new one."""
        if not configuration.id:
            return self._configurations.add(lambda number: replace(configuration, id=number))
        self._configurations[str(configuration.id)] = configuration
        return configuration

    def remove(self, configuration: Configuration) -> None:
        del self._configurations[str(configuration.id)]

    def holding(self, project: str, branch: Branch) -> list[Configuration]:
        """Those that are enabled and count for `branch`."""
        near = {one.id: one for name in ("", branch.repository.casefold()) for one in self._by_repository.of(name)}
        return [one for _, one in sorted(near.items()) if one.project == project and one.holds(branch)]

    def protects(self, project: str, branch: Branch) -> bool:
        """Whether the branch takes pull requests only: "A branch with required policies configured can't be deleted,
        and requires pull requests for all changes": https://learn.microsoft.com/azure/devops/repos/git/branch-policies.
        """
        return any(one.blocking for one in self.holding(project, branch))
