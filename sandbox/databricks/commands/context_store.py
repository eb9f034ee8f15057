"""The execution contexts of a workspace. They end with their cluster's driver, and with the sandbox: none is kept."""
from __future__ import annotations

import shutil
from pathlib import Path

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.commands.context import ExecutionContext
from sandbox.databricks.commands.errors import no_context, too_many_contexts
from sandbox.databricks.directory import Principal

# https://docs.databricks.com/aws/en/notebooks/notebooks-manage: 150 with those of the service itself.
CONTEXT_LIMIT = 145
_JOIN_SECONDS = 5.0


class ExecutionContexts:
    """By cluster. `folder` holds those of running processes; what a killed sandbox left there is removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._contexts: dict[str, dict[str, ExecutionContext]] = {}
        shutil.rmtree(folder, ignore_errors=True)

    def add(self, cluster: Cluster, context: ExecutionContext) -> None:
        self._check_room(cluster)
        self._contexts.setdefault(cluster.cluster_id, {})[context.id] = context

    def _check_room(self, cluster: Cluster) -> None:
        """Those whose process is gone make room: until now a client could still learn how its commands ended."""
        for context in [found for found in self._of(cluster).values() if found.is_over]:
            self.destroy(cluster, context)
        if len(self._of(cluster)) >= CONTEXT_LIMIT:
            raise too_many_contexts(CONTEXT_LIMIT)

    def find(self, cluster: Cluster, context_id: str, caller: Principal) -> ExecutionContext:
        """One of `caller`: nobody learns of the contexts of others."""
        context = self._of(cluster).get(context_id)
        if context is None or context.owner_id != caller.id:
            raise no_context(context_id)
        return context

    def destroy(self, cluster: Cluster, context: ExecutionContext) -> None:
        context.close()
        del self._contexts[cluster.cluster_id][context.id]

    def stop(self) -> None:
        """End every process. Who calls it does not hold the workspace's lock: the contexts may be waiting for it."""
        contexts = [context for found in self._contexts.values() for context in found.values()]
        self._contexts.clear()
        for context in contexts:
            context.close()
        for context in contexts:
            context.join(_JOIN_SECONDS)

    def _of(self, cluster: Cluster) -> dict[str, ExecutionContext]:
        """Without those whose driver is another by now."""
        contexts = self._contexts.get(cluster.cluster_id, {})
        for context in list(contexts.values()):
            if context.spark_context_id != cluster.spark_context_id:
                self.destroy(cluster, context)
        return contexts
