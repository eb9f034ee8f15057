from __future__ import annotations

import shlex

import pytest

from sandbox.azure_devops.security.namespaces import BUILD, ENVIRONMENT, GIT, repository_token
from setup.lib.access.needs import Need, copy_needs, lacking, library_need, pipeline_needs
from setup.lib.product_repository import ProductRepository
from steps.lib.azure_devops.own_identity import OwnIdentity
from steps.lib.azure_devops.repositories import Repository

IDENTITY = OwnIdentity("1", "brickline-setup", "aaaa", "aadsp.x; rm -rf ~")
CHURN = Repository("r1", "churn", "p1", "analytics", "refs/heads/release/ünï")
PRODUCT = ProductRepository(CHURN, CHURN.default_branch, "c0ffee")
# What the security pages show, and what the API calls the same.
API_NAMES = {"Contribute": "GenericContribute", "Create branch": "CreateBranch",
             "Contribute to pull requests": "PullRequestContribute", "Manage permissions": "ManagePermissions",
             "View build pipeline": "ViewBuildDefinition", "Edit build pipeline": "EditBuildDefinition",
             "Create build pipeline": "CreateBuildDefinition",
             "Administer build permissions": "AdministerBuildPermissions", "View": "View", "Create": "Create"}
NAMESPACES = {one.id: one for one in (GIT, BUILD, ENVIRONMENT)}


def test_the_default_branch_is_asked_about_by_its_own_token() -> None:
    token = copy_needs(PRODUCT)[1].token
    assert token == repository_token("p1", "r1", "refs/heads/release/ünï")


def test_an_empty_repository_has_no_branch_to_ask_about() -> None:
    empty = ProductRepository(CHURN, "refs/heads/main", "")
    assert [need.token for need in copy_needs(empty)] == ["repoV2/p1/r1"]


@pytest.mark.parametrize("need", [*copy_needs(PRODUCT), *pipeline_needs(PRODUCT), library_need(CHURN)],
                         ids=lambda need: need.where)
def test_bits_are_those_of_the_namespace(need: Need) -> None:
    bits = NAMESPACES[need.namespace].bits
    assert need.permissions == {name: bits[API_NAMES[name]] for name in need.permissions}


def test_the_command_is_safe_to_paste_whatever_a_name_holds() -> None:
    line = str(lacking(copy_needs(PRODUCT)[0], ["Contribute", "Create branch"], IDENTITY, "https://dev.azure.com/org"))
    words = shlex.split(line.partition("or with: ")[2])
    assert words[words.index("--subject") + 1] == IDENTITY.descriptor
    assert words[-2:] == ["--allow-bit", "20"]
