"""What a clean-up is going to do and has done: branches that were merged, then the clusters nobody has a branch for."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from steps.lib import agent
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.repositories import Repository
from steps.lib.branches import deletion, gone_clusters
from steps.lib.branches.branch import branches, find_repository
from steps.lib.branches.gone_clusters import BranchCluster, branch_clusters, without_branch
from steps.lib.branches.judge import Judgement, Rules, judged
from steps.lib.databricks.client import Databricks
from steps.lib.wording import counted, summed

NOTHING = "unchanged: no branch was merged, and every cluster has its branch"


@dataclass(frozen=True)
class Plan:
    """`others` counts the branches that the rules do not concern. `clusters` are those whose branch will be gone."""

    where: Repository
    judgements: tuple[Judgement, ...]
    clusters: tuple[BranchCluster, ...]
    others: int

    @property
    def going(self) -> list[Judgement]:
        return [one for one in self.judgements if one.goes]

    @property
    def doomed(self) -> list[BranchCluster]:
        return [one for one in self.clusters if not one.pinned_by]

    @property
    def count(self) -> int:
        return len(self.going) + len(self.doomed)

    @property
    def lines(self) -> list[str]:
        return [*(one.line for one in self.judgements), *(one.line for one in self.clusters)] or [NOTHING]

    def within(self, approved: Collection[str]) -> Plan:
        """The part of it that was approved: what was merged since then waits for the next run."""
        return replace(self, judgements=tuple(one for one in self.judgements if one.line in approved),
                       clusters=tuple(one for one in self.clusters if one.line in approved))


@dataclass(frozen=True)
class Done:
    """`notes` say what stays as it is and `problems` what failed, both for people."""

    branches: int
    clusters: int
    notes: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def summary(self) -> str:
        deleted = f"{counted(self.branches, 'branch', 'branches')} and {counted(self.clusters, 'cluster')} deleted"
        rest = {"kept": len(self.notes), "failed": len(self.problems)}
        return f"clean-up: {deleted}{f', {summed(rest)}' if any(rest.values()) else ''}"


@dataclass(frozen=True)
class CleanUp:
    """Of one product, in its organization and its local workspace."""

    devops: AzureDevOps
    databricks: Databricks
    project: str
    repository: str

    def plan(self, rules: Rules) -> Plan:
        """Clusters are read before branches: of a branch that comes in between there is no cluster to lose."""
        where = find_repository(self.devops, self.project, self.repository)
        clusters = branch_clusters(self.databricks, self.repository)
        found = branches(self.devops, where)
        judgements = judged(self.devops, where, found, rules)
        going = {one.branch.ref for one in judgements if one.goes}
        left = [branch.name for branch in found if branch.ref not in going]
        return Plan(where, tuple(judgements), tuple(without_branch(clusters, left)), len(found) - len(judgements))

    def apply(self, plan: Plan) -> Done:
        """Whatever fails is told at the end, and keeps nothing else from being done."""
        outcomes = deletion.delete(self.devops, plan.where, [one.branch for one in plan.going])
        doomed, spared = self._still_gone(plan)
        problems = [gone_clusters.delete(self.databricks, one) for one in doomed]
        notes = [*(one.problem for one in outcomes if one.is_kept), *spared]
        for note in notes:
            agent.info(note)
        return Done(sum(one.is_gone for one in outcomes), problems.count(""), tuple(notes), tuple(
            filter(None, [*(one.problem for one in outcomes if not one.is_kept), *problems])))

    def _still_gone(self, plan: Plan) -> tuple[Sequence[BranchCluster], list[str]]:
        """Of the clusters to delete those whose branch really is gone now; the others, for people."""
        if not plan.doomed:
            return [], []
        gone = without_branch(plan.doomed, [branch.name for branch in branches(self.devops, plan.where)])
        return gone, [f"cluster {one.cluster.name!r} ({one.cluster.cluster_id}) stays: branch {one.branch!r} is there"
                      for one in plan.doomed if one not in gone]
