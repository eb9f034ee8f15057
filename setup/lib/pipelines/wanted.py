"""What a product has in Azure DevOps once it is set up: its pipelines, its environments, and what they may use."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from setup.lib.pipelines.team_environments import PROMOTED, ApprovalRule, Guard
from setup.lib.release import Release
from steps.lib.azure_devops.checks import Check, approval, branch_control, exclusive_lock, required_template

GROUP_PREFIX = "brickline-"


@dataclass(frozen=True)
class PipelineKind:
    """`name` follows the product's name. `template` is the entry template of this library that its YAML extends.

    `environments` are those it deploys to; in those it `cleans_up` it deletes what was left there.
    """

    name: str
    yaml_path: str
    template: str
    environments: tuple[str, ...]
    promotes: bool = False
    cleans_up: tuple[str, ...] = ()

    @property
    def credentials(self) -> tuple[str, ...]:
        """The environments whose principal it acts as."""
        return (*self.environments, *self.cleans_up)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(f"{GROUP_PREFIX}{one}" for one in self.credentials)

    def pipeline_name(self, product: str) -> str:
        return f"{product}-{self.name}"


CLUSTER = PipelineKind("cluster", "pipelines_definitions/pipeline_cluster.yml",
                       "pipelines/pipeline_cluster_config.yml", ("local",))
JOBS = PipelineKind("jobs", "pipelines_definitions/pipeline_jobs.yml",
                    "pipelines/pipeline_jobs_config.yml", PROMOTED, promotes=True,
                    cleans_up=CLUSTER.environments)
KINDS = (CLUSTER, JOBS)


def template_check(release: Release, *templates: str) -> Check:
    """Only pipelines that extend one of `templates` of this library, at one of its tags, get what has this check."""
    return required_template(f"{release.repository.project}/{release.repository.name}", release.refs, *templates)


def environment_name(product: str, environment: str) -> str:
    return f"{product}-{environment}"


def environment_checks(guard: Guard, default_branch: str, release: Release,
                       people: Mapping[str, str]) -> Sequence[Check]:
    """`default_branch` is the product's, a full ref; `people` gives approvers' storage keys by name in lower case."""
    refs = guard.allowed_refs or (default_branch,)
    # Branch control looks at every repository of a run, and this library is always at a tag.
    allowed = tuple(dict.fromkeys((*refs, "refs/tags/*")))
    checks = [template_check(release, JOBS.template), branch_control(allowed)]
    if guard.exclusive_lock:
        checks.append(exclusive_lock())
    if guard.approval:
        checks.append(_approval(guard.approval, people))
    return checks


def _approval(rule: ApprovalRule, people: Mapping[str, str]) -> Check:
    return approval([people[one.name.casefold()] for one in rule.approvers], minimum=rule.minimum,
                    in_sequence=rule.in_sequence, requester_may=rule.requester_may, instructions=rule.instructions,
                    timeout=rule.timeout)
