"""Finds the repository that is to be set up: exactly the one that was named, or an error that says which there are."""
from __future__ import annotations

from dataclasses import dataclass

from setup.lib.repository_search import about, is_same, named_repository
from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.repositories import BRANCHES, Repository, refs
from steps.lib.errors import InputError
from steps.lib.findings import Finding

FIRST_BRANCH = "refs/heads/main"


@dataclass(frozen=True)
class ProductRepository:
    """`default_branch` is a whole ref, also of an empty repository, where it is the one to begin with.

    `head` is the commit of that branch; empty in an empty repository.
    """

    repository: Repository
    default_branch: str
    head: str

    @property
    def is_empty(self) -> bool:
        return not self.head

    @property
    def id(self) -> str:
        return self.repository.id

    @property
    def name(self) -> str:
        return self.repository.name

    @property
    def project_id(self) -> str:
        return self.repository.project_id

    @property
    def project(self) -> str:
        return self.repository.project

    @property
    def web_url(self) -> str:
        return self.repository.web_url

    @property
    def branch_name(self) -> str:
        """The default branch without `refs/heads/`."""
        return self.default_branch.removeprefix(BRANCHES)


def find_product(devops: AzureDevOps, settings: SetupSettings) -> ProductRepository:
    """The product's repository as it is now; an InputError where it is unknown, unusable or this library."""
    place = settings.product_place
    found = named_repository(devops, settings.remote_project, settings.remote_repository, place)
    if is_same(found.project, settings.cicd_project) and is_same(found.name, settings.cicd_repository):
        problem = "is this library itself, expected that of a product; name that one, or make it first"
        raise InputError([about(place.repository, "repository", found.name, problem)])
    head = found.default_branch and refs(devops, found, found.default_branch).get(found.default_branch)
    if head:
        return ProductRepository(found, found.default_branch, head)
    if refs(devops, found, BRANCHES):
        default = found.default_branch
        named = f"its default branch {default!r} does not exist" if default else "none of them is the default one"
        problem = (f"has branches, but {named}, expected one to copy to; choose it in Repos > Branches > More options "
                   "> Set as default branch")
        raise InputError([Finding(f"repository {settings.product}", problem=problem)])
    return ProductRepository(found, found.default_branch or FIRST_BRANCH, "")
