"""Asks the organization for everything that setting up a product takes, and gathers what is missing."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from setup.lib.access.job_token import limits
from setup.lib.access.needs import (
    Need,
    connection_need,
    copy_needs,
    group_need,
    lacking,
    library_need,
    out_of_scope,
    pipeline_needs,
    queue_need,
    unseen,
)
from setup.lib.pipelines.creation import Creation
from setup.lib.pipelines.wanted import KINDS
from setup.lib.product_repository import ProductRepository, find_product
from setup.lib.release import Release, library_release
from setup.lib.repository_search import UnknownRepositoryError
from setup.lib.settings import SetupSettings
from steps.lib import agent
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import NotAuthenticated, NotFound, PermissionDenied
from steps.lib.azure_devops.library import connection_of, variable_groups
from steps.lib.azure_devops.own_identity import OwnIdentity, may, own_identity
from steps.lib.azure_devops.project_settings import general_settings
from steps.lib.azure_devops.repositories import tree
from steps.lib.errors import InputError, StepError
from steps.lib.findings import Finding

# What an identity that sees too little is answered, also where it is a job's token out of its scope.
_NOT_SEEN = (NotAuthenticated, NotFound, PermissionDenied, InputError)


@dataclass
class AccessCheck:
    """`findings` is what an administrator has to do before the set-up can begin, `warnings` what may stop it."""

    azure_devops: AzureDevOps
    settings: SetupSettings
    identity: OwnIdentity
    findings: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, azure_devops: AzureDevOps, settings: SetupSettings) -> AccessCheck:
        """A refusal here is about the credential itself."""
        return cls(azure_devops, settings, own_identity(azure_devops))

    def job_token(self) -> None:
        """What the token of this run cannot reach, for it is what the set-up was told to use."""
        try:
            general = general_settings(self.azure_devops, self.settings.cicd_project)
        except _NOT_SEEN as error:
            self.warnings.append(f"the pipeline settings of project {self.settings.cicd_project!r} are hidden: {error}")
            return
        self.warnings += limits(self.settings, general)

    def run(self, *, copy: bool, create: bool) -> None:
        """Look at everything that the chosen phases need."""
        release, product = self._release(), self._product()
        if not (copy or create):
            self.warnings.append("neither files nor pipelines were chosen, so this run changes nothing; choose one at "
                                 "least")
        if create and not copy and product:
            self.warnings += self._without_yaml(product)
        needs: list[Need] = []
        if copy and product:
            needs += copy_needs(product)
        if create and product:
            needs += [*pipeline_needs(product), *self._group_needs(product)]
        if create and release:
            needs.append(library_need(release.repository))
        self._ask(needs)
        # Files would be pushed already when the last step meets what is in its way.
        if create and release and product and not self.findings:
            self._look_ahead(release, product)

    def _without_yaml(self, product: ProductRepository) -> Iterator[str]:
        """The service takes a pipeline whose file is not there; nothing would ever start it."""
        there = {} if product.is_empty else tree(self.azure_devops, product.repository, product.head)
        for kind in (kind for kind in KINDS if kind.yaml_path not in there):
            yield (f"repository {self.settings.product}: branch {product.branch_name!r} has no {kind.yaml_path!r} yet, "
                   f"so pipeline {kind.pipeline_name(product.name)!r} cannot run; run the set-up again with the choice "
                   "'copy files'")

    def _look_ahead(self, release: Release, product: ProductRepository) -> None:
        try:
            present = Creation(self.azure_devops, release).look(product, self.settings)
        except _NOT_SEEN as error:
            self._add(error)
            return
        queue = present.shared.queue
        if queue and not present.users_of(queue).everyone:
            self._ask([queue_need(product, queue)])

    def _release(self) -> Release | None:
        try:
            return library_release(self.azure_devops, self.settings)
        except _NOT_SEEN as error:
            self._add(error)
            if isinstance(error, (NotFound, PermissionDenied, UnknownRepositoryError)):
                settings = self.settings
                self._add_finding(unseen(settings.cicd_project, settings.cicd_repository, self.identity))
            return None

    def _product(self) -> ProductRepository | None:
        try:
            return find_product(self.azure_devops, self.settings)
        except NotAuthenticated:
            self._add_finding(out_of_scope(self.settings, self.identity))
            return None
        except _NOT_SEEN as error:
            self._add(error)
            if not isinstance(error, InputError) or isinstance(error, UnknownRepositoryError):
                settings = self.settings
                self._add_finding(unseen(settings.remote_project, settings.remote_repository, self.identity))
            return None

    def _group_needs(self, product: ProductRepository) -> list[Need]:
        """Groups that are missing are told by the step that needs them, which knows which."""
        found = variable_groups(self.azure_devops, product.project_id, "brickline-*")
        groups = [one for one in found if one["name"] != "brickline-setup"]
        connections = {str(one["name"]): connection_of(one) for one in groups}
        return [*(group_need(product, str(one["name"]), int(one["id"])) for one in groups),
                *(connection_need(product, name, number) for name, number in connections.items() if number)]

    def _ask(self, needs: Iterable[Need]) -> None:
        for need in needs:
            if self._may(need, need.bits):
                agent.info(f"  {need.where}: {', '.join(need.permissions)}")
                continue
            missing = [name for name, bit in need.permissions.items() if not self._may(need, bit)]
            self._add_finding(lacking(need, missing, self.identity, self.azure_devops.url))

    def _may(self, need: Need, bits: int) -> bool:
        try:
            return may(self.azure_devops, need.namespace, need.token, bits)
        except (NotFound, PermissionDenied) as error:
            agent.info(f"  {need.where}: cannot be asked ({error})")
            return True

    def _add(self, error: StepError) -> None:
        self.findings += [line for line in error.lines if line not in self.findings]

    def _add_finding(self, finding: Finding) -> None:
        self.findings.append(str(finding))
