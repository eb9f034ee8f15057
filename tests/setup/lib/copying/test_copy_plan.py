from __future__ import annotations

import pytest

from setup.lib.copying.copy_plan import Tree, copy_plan
from setup.lib.copying.shipped_files import Owner, ShippedFile
from steps.lib.azure_devops.repositories import Entry
from steps.lib.errors import InputError

LISTENER = ShippedFile("pipelines_definitions/a.yml", b"new", Owner.LIBRARY)
CONFIG = ShippedFile("config.json", b"{}", Owner.PRODUCT)
README = ShippedFile("README.md", b"hello", Owner.SCAFFOLD)
SHIPPED = [LISTENER, CONFIG, README]


def of(**entries: str) -> Tree:
    return {path: Entry(object_id, is_folder=False) for path, object_id in entries.items()}


def refused(tree: Tree) -> str:
    with pytest.raises(InputError) as raised:
        copy_plan(SHIPPED, tree)
    return "\n".join(raised.value.lines)


def test_everything_is_missing_in_an_empty_repository() -> None:
    assert copy_plan(SHIPPED, {}).missing == tuple(SHIPPED)


def test_a_config_file_is_present_whatever_it_holds() -> None:
    plan = copy_plan(SHIPPED, of(**{"config.json": "something else"}))
    assert (plan.present, plan.different) == ((CONFIG,), ())


def test_a_file_of_the_library_is_compared() -> None:
    plan = copy_plan(SHIPPED, of(**{LISTENER.path: "older"}))
    assert (plan.different, CONFIG in plan.missing) == ((LISTENER,), True)


def test_a_file_of_the_library_with_the_same_content_is_present() -> None:
    assert copy_plan(SHIPPED, of(**{LISTENER.path: LISTENER.object_id})).present == (LISTENER,)


def test_the_object_id_is_that_of_git() -> None:
    assert ShippedFile("a", b"hello\n", Owner.PRODUCT).object_id == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_folder_in_place_of_a_file_is_refused() -> None:
    assert refused({"config.json": Entry("1", is_folder=True)}).startswith("config.json: is a folder, expected a file")


def test_a_folder_known_only_by_what_is_in_it_is_refused_as_well() -> None:
    assert "config.json: is a folder" in refused(of(**{"config.json/x": "1"}))


def test_a_file_in_place_of_a_folder_is_refused() -> None:
    assert "pipelines_definitions: is a file, expected a folder" in refused(of(pipelines_definitions="1"))


@pytest.mark.parametrize("there", ["Config.json", "Pipelines_Definitions/x.yml", "pipelines_definitions/A.yml"])
def test_a_name_that_differs_in_case_only_is_refused(there: str) -> None:
    assert "in upper and lower case only" in refused(of(**{there: "1"}))


def test_a_readme_of_another_spelling_is_enough_for_the_scaffold() -> None:
    assert copy_plan(SHIPPED, of(**{"Readme.md": "1"})).present == (README,)


def test_every_obstacle_is_told_at_once() -> None:
    text = refused({"config.json": Entry("1", is_folder=True), "pipelines_definitions": Entry("2", is_folder=False)})
    assert len(text.splitlines()) == 2


def test_the_plan_says_what_happens_to_every_file() -> None:
    plan = copy_plan(SHIPPED, of(**{LISTENER.path: "older", "config.json": "1"}))
    assert list(plan.lines([LISTENER], by_pull_request=False)) == [
        "create: file README.md", "update: file pipelines_definitions/a.yml, in a pull request", "unchanged: 1 file"]


def test_the_plan_leaves_what_is_not_to_be_renewed() -> None:
    plan = copy_plan([LISTENER], of(**{LISTENER.path: "older"}))
    assert list(plan.lines([], by_pull_request=False)) == ["leave: file pipelines_definitions/a.yml"]
