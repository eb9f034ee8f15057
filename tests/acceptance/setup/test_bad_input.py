"""What cannot be set up ends in a red run that says what to do, and changes nothing."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.security import namespaces
from sandbox.world.furnish import PRODUCT
from sandbox.world.people import SETUP_PRINCIPAL
from sandbox.world.world import World
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.in_place import ended_with

_AUTHOR = Author("Anna Berg", "anna@example.com")
CONFIG = "cluster_and_libraries_config.json"


def without_default_branch(world: World) -> None:
    repository = world.organisation.home.repositories[PRODUCT]
    repository.commit_files("refs/heads/develop", {"a": File(b"1")}, message="Start", author=_AUTHOR)


def disabled(world: World) -> None:
    world.organisation.home.disable_repository(PRODUCT)


def unable_to_write(world: World) -> None:
    project, directory = world.organisation.home, world.organisation.directory
    member = directory.find(SETUP_PRINCIPAL)
    assert member is not None
    world.organisation.access.grant(namespaces.GIT, namespaces.repository_token(project.id), member, deny=4)


def of_a_name_that_others_have(world: World) -> None:
    project = world.organisation.home
    project.create_repository("other")
    project.library.put_pipeline(Pipeline(0, f"{PRODUCT}-jobs", "other", "ci.yml"))


def with_a_file_for_a_folder(world: World) -> None:
    repository = world.organisation.home.repositories[PRODUCT]
    repository.commit_files("refs/heads/main", {"notebooks": File(b"1")}, message="Start", author=_AUTHOR)


BAD = [
    pytest.param(without_default_branch, ["analytics/churn", "has branches, but none of them is the default one"],
                 id="no default branch"),
    pytest.param(disabled, ["analytics/churn: is disabled"], id="disabled"),
    pytest.param(unable_to_write, ["lacks 'Contribute'", "identity 'brickline-setup'", "repository analytics/churn"],
                 id="no permission"),
    pytest.param(of_a_name_that_others_have, ["pipeline 'churn-jobs' is there and runs 'ci.yml'"],
                 id="foreign pipeline"),
    pytest.param(with_a_file_for_a_folder, ["notebooks: is a file, expected a folder"], id="file for a folder"),
]


@pytest.mark.parametrize(("spoil", "told"), BAD)
def test_a_repository_that_cannot_be_set_up_is_told_before_any_write(
        engineer: Engineer, spoil: Callable[[World], None], told: list[str]) -> None:
    spoil(engineer.world)
    engineer.forget()
    printed = ended_with(engineer.world, 2)
    assert [text for text in told if text not in printed] == [], printed
    assert engineer.writes() == []


def test_an_unknown_name_offers_the_nearest_ones(engineer: Engineer) -> None:
    engineer.forget()
    run = engineer.set_up("chrun")
    assert run.outcome == "failed"
    assert "repository 'chrun': not found, or hidden from this identity" in run.errors
    assert "did you mean 'churn'" in run.errors
    assert engineer.writes() == []
