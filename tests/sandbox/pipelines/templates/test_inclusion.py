"""Templates: where a reference leads, what a file may hold, repositories and `extends`."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data, Expand

SHARED = "resources:\n  repositories:\n  - repository: lib\n    type: git\n    name: project/shared\n"


def step(text: str) -> str:
    return f"steps:\n- script: {text}\n"


def included(reference: str) -> str:
    return f"steps:\n- template: {reference}\n"


@pytest.mark.parametrize(
    "reference",
    ["b.yml", "/deep/b.yml", "../deep/b.yml", "\\deep\\b.yml", "..\\deep\\b.yml", "b.yml@self", "b.yml@Self"],
)
def test_path_is_relative_to_the_file_that_includes(scripts: Data, reference: str) -> None:
    files = {"azure-pipelines.yml": included("deep/a.yml"), "deep/a.yml": included(reference), "deep/b.yml": step("b")}
    assert scripts(files) == ["b"]


@pytest.mark.parametrize("reference", ["../b.yml", "/../b.yml", "a/../../b.yml"])
def test_path_out_of_the_repository_is_refused(scripts: Data, reference: str) -> None:
    with pytest.raises(PipelineError, match="leads out of the repository"):
        scripts({"azure-pipelines.yml": included(reference)})


@pytest.mark.parametrize("reference", ["nowhere.yml", "B.yml", "deep"])
def test_missing_file_names_repository_and_version(scripts: Data, reference: str) -> None:
    files = {"azure-pipelines.yml": included(reference), "b.yml": step("b"), "deep/x.yml": ""}
    with pytest.raises(PipelineError, match=rf"\(Line: 2, Col: 13\): File /{reference} not found in repository own"):
        scripts(files)


def test_relative_path_in_another_repository_starts_at_its_root(scripts: Data) -> None:
    files = {
        "azure-pipelines.yml": SHARED + included("deep/entry.yml"),
        "deep/entry.yml": included("x.yml@LIB"),
        "project/shared:x.yml": step("root"),
    }
    assert scripts(files) == ["root"]


def test_template_stays_in_its_repository_and_finds_back_by_self(scripts: Data) -> None:
    files = {
        "azure-pipelines.yml": SHARED + included("a/b.yml@lib"),
        "project/shared:a/b.yml": included("c.yml") + "- template: own/d.yml@self\n",
        "project/shared:a/c.yml": step("c"),
        "own/d.yml": step("d"),
    }
    assert scripts(files) == ["c", "d"]


def test_position_names_the_repository_of_the_file(scripts: Data) -> None:
    files = {"azure-pipelines.yml": SHARED + included("x.yml@lib"), "project/shared:x.yml": "steps:\n- srcipt: a\n"}
    with pytest.raises(PipelineError, match=r"^/x.yml@lib \(Line: 2, Col: 3\): Unexpected value 'srcipt'$"):
        scripts(files)


def test_resources_may_stand_below_their_use(scripts: Data) -> None:
    files = {"azure-pipelines.yml": included("x.yml@lib") + SHARED, "project/shared:x.yml": step("x")}
    assert scripts(files) == ["x"]


def test_commits_of_all_repositories_are_resolved(expanded: Expand) -> None:
    files = {"azure-pipelines.yml": SHARED + "    ref: refs/tags/v1\n" + step("a"), "project/shared:x.yml": ""}
    commits = expanded(files).repositories
    assert {alias: commit.ref for alias, commit in commits.items()} == {
        "self": "refs/heads/main", "lib": "refs/tags/v1",
    }


def test_ref_takes_expressions(expanded: Expand) -> None:
    text = "parameters:\n- name: v\n  default: v2\n" + SHARED + "    ref: refs/tags/${{ parameters.v }}\n" + step("a")
    files = {"azure-pipelines.yml": text, "project/shared:x.yml": ""}
    assert expanded(files).repositories["lib"].ref == "refs/tags/v2"


@pytest.mark.parametrize(
    "repositories",
    [
        "  - ${{ if true }}:\n    - repository: lib\n      name: shared\n",
        "  - repository: lib\n    name: ${{ variables.x }}\n",
        "  - repository: lib\n    ${{ if true }}:\n      name: shared\n",
    ],
)
def test_list_of_repositories_is_fixed(scripts: Data, repositories: str) -> None:
    with pytest.raises(PipelineError, match="A template expression is not allowed in this context"):
        scripts("resources:\n  repositories:\n" + repositories + step("a"))


def test_unknown_alias_lists_what_there_is(scripts: Data) -> None:
    with pytest.raises(PipelineError, match=r"No repository found by name nowhere; .* 'self', 'lib'"):
        scripts({"azure-pipelines.yml": SHARED + included("x.yml@nowhere"), "project/shared:x.yml": ""})


def test_unknown_repository_is_an_error_where_it_is_used(scripts: Data) -> None:
    with pytest.raises(PipelineError, match=r"\(Line: 3, Col: 5\): Repository 'project/shared' does not exist"):
        scripts(SHARED + included("x.yml@lib"))


@pytest.mark.parametrize(
    ("kind", "content"), [("steps", "jobs: []"), ("steps", "steps: []\ntrigger: none"), ("jobs", "steps: []")]
)
def test_template_holds_its_list_and_nothing_else(scripts: Data, kind: str, content: str) -> None:
    entry = {"steps": "steps:\n- template: t.yml\n", "jobs": "jobs:\n- template: t.yml\n"}[kind]
    with pytest.raises(PipelineError, match="Unexpected value"):
        scripts({"azure-pipelines.yml": entry, "t.yml": content})


def test_reference_has_no_other_keys(scripts: Data) -> None:
    with pytest.raises(PipelineError, match="Unexpected value 'condition'"):
        scripts({"azure-pipelines.yml": included("t.yml") + "  condition: true\n", "t.yml": step("a")})


def test_every_kind_of_list_takes_templates(final: Data) -> None:
    files = {
        "azure-pipelines.yml": "variables:\n- template: v.yml\nstages:\n- template: s.yml\n",
        "v.yml": "variables:\n  a: 1\n",
        "s.yml": "stages:\n- stage: S\n  jobs:\n  - template: j.yml\n",
        "j.yml": "jobs:\n- job: J\n  steps:\n  - template: t.yml\n",
        "t.yml": "steps:\n- script: ${{ variables.a }}\n",
    }
    found = final(files)
    assert found["variables"] == [{"name": "a", "value": "1"}]
    assert found["stages"][0]["jobs"][0]["steps"][0]["inputs"] == {"script": "1"}


def test_template_path_takes_expressions(scripts: Data) -> None:
    files = {"azure-pipelines.yml": "variables: {n: t}\n" + included("${{ variables.n }}.yml"), "t.yml": step("a")}
    assert scripts(files) == ["a"]


@pytest.mark.parametrize(
    "body", ["steps:\n- script: a\n", "jobs:\n- job: Job\n  steps:\n  - script: a\n",
             "stages:\n- stage: S\n  jobs:\n  - job: Job\n    steps:\n    - script: a\n"]
)
def test_extended_template_may_have_any_root(scripts: Data, body: str) -> None:
    files = {"azure-pipelines.yml": "trigger: none\nextends:\n  template: t.yml\n", "t.yml": body}
    assert scripts(files) == ["a"]


def test_extends_disappears_and_triggers_of_the_template_count_nothing(final: Data) -> None:
    files = {"azure-pipelines.yml": "extends:\n  template: t.yml\n", "t.yml": "trigger: [main]\nname: n\n" + step("a")}
    assert set(final(files)) == {"name", "stages"}


def test_extends_goes_on_through_templates(scripts: Data) -> None:
    files = {
        "azure-pipelines.yml": SHARED + "extends:\n  template: a.yml@lib\n",
        "project/shared:a.yml": "extends:\n  template: sub/b.yml\n",
        "project/shared:sub/b.yml": step("b"),
    }
    assert scripts(files) == ["b"]


@pytest.mark.parametrize("key", ["variables: {a: 1}", "pool: {name: p}", "name: n"])
def test_key_in_both_files_is_already_defined(scripts: Data, key: str) -> None:
    files = {"azure-pipelines.yml": f"{key}\nextends:\n  template: t.yml\n", "t.yml": f"{key}\n" + step("a")}
    with pytest.raises(PipelineError, match=f"/t.yml .*'{key.partition(':')[0]}' is already defined"):
        scripts(files)


def test_resources_of_the_template_join_those_of_the_entry(final: Data, expanded: Expand) -> None:
    more = "resources:\n  repositories:\n  - repository: more\n    name: shared\n"
    files = {
        "azure-pipelines.yml": SHARED + "extends:\n  template: t.yml@lib\n",
        "project/shared:t.yml": more + included("x.yml@more"),
        "project/shared:x.yml": step("x"),
    }
    assert [item["repository"] for item in final(files)["resources"]["repositories"]] == ["lib", "more"]
    assert set(expanded(files).repositories) == {"self", "lib", "more"}


def test_extends_beside_a_body_is_refused(scripts: Data) -> None:
    files = {"azure-pipelines.yml": "extends:\n  template: t.yml\n" + step("a"), "t.yml": "jobs: []\n"}
    with pytest.raises(PipelineError, match="Unexpected value 'steps'"):
        scripts(files)


@pytest.mark.parametrize(("kind", "accepted"), [("git", True), ("GitHub", True), ("svn", False)])
def test_type_of_a_repository_is_one_of_four(scripts: Data, kind: str, accepted: bool) -> None:
    text = f"resources:\n  repositories:\n  - repository: r\n    type: {kind}\n    name: o/r\n    endpoint: e\n"
    if accepted:
        assert scripts(text + step("a")) == ["a"]
    else:
        with pytest.raises(PipelineError, match="Unexpected value 'svn'"):
            scripts(text + step("a"))
