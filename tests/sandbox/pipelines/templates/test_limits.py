"""Cycles and bombs end in an error, and quickly."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.templates import limits
from tests.sandbox.pipelines.templates.conftest import Data

HUNDRED = "parameters:\n- name: n\n  type: object\n  default: [" + ", ".join(str(n) for n in range(100)) + "]\n"


@pytest.mark.parametrize(
    "files",
    [
        {"azure-pipelines.yml": "steps:\n- template: azure-pipelines.yml\n"},
        {"azure-pipelines.yml": "extends:\n  template: azure-pipelines.yml\n"},
        {"azure-pipelines.yml": "jobs:\n- template: a.yml\n", "a.yml": "jobs:\n- template: b.yml\n",
         "b.yml": "jobs:\n- template: a.yml\n"},
        {"azure-pipelines.yml": "variables:\n- template: v.yml\njobs: []\n",
         "v.yml": "variables:\n- template: v.yml\n"},
    ],
    ids=["steps", "extends", "jobs", "variables"],
)
def test_cycle_ends(final: Data, files: dict[str, str]) -> None:
    with pytest.raises(PipelineError, match="Maximum object depth exceeded"):
        final(files)


@pytest.mark.parametrize(("levels", "accepted"), [(90, True), (100, False)])
def test_templates_nest_to_nearly_one_hundred_levels(scripts: Data, levels: int, accepted: bool) -> None:
    nested = "steps:\n- ${{{{ if true }}}}:\n  - ${{{{ if true }}}}:\n    - template: t{}.yml\n"
    files = {f"t{n}.yml": nested.format(n + 1) for n in range(levels - 1)}
    files["azure-pipelines.yml"] = nested.format(0)
    files[f"t{levels - 1}.yml"] = "steps:\n- script: a\n"
    if accepted:
        assert scripts(files) == ["a"]
    else:
        with pytest.raises(PipelineError, match=r"Maximum object depth exceeded|100 files"):
            scripts(files)


def test_one_file_used_often_is_one_file(scripts: Data) -> None:
    text = HUNDRED + "steps:\n- ${{ each n in parameters.n }}:\n  - template: t.yml\n  - template: t.yml\n"
    assert len(scripts({"azure-pipelines.yml": text, "t.yml": "steps:\n- script: a\n"})) == 200


@pytest.mark.parametrize(("count", "accepted"), [(99, True), (100, False)])
def test_one_hundred_files_are_the_limit(scripts: Data, count: int, accepted: bool) -> None:
    files = {f"t{n}.yml": "steps:\n- script: a\n" for n in range(count)}
    entry = "steps:\n" + "".join(f"- template: t{n}.yml\n" for n in range(count))
    if accepted:
        assert len(scripts({"azure-pipelines.yml": entry, **files})) == count
    else:
        with pytest.raises(PipelineError, match="more than 100 files"):
            scripts({"azure-pipelines.yml": entry, **files})


def test_object_doubled_at_each_level_ends(final: Data) -> None:
    level = "parameters:\n- name: p\n  type: object\n  default: [a]\nsteps:\n- template: {}\n  parameters:\n    p:\n"
    level += "    - x: ${{{{ parameters.p }}}}\n" * 10
    files = {f"t{n}.yml": level.format(f"t{n + 1}.yml") for n in range(9)}
    files["azure-pipelines.yml"] = "steps:\n- template: t0.yml\n"
    files["t9.yml"] = "steps:\n- script: a\n"
    with pytest.raises(PipelineError, match="Maximum object size exceeded"):
        final(files)


def test_text_tripled_at_each_line_ends(final: Data) -> None:
    lines = "".join(f"  v{n + 1}: {f'${{{{ variables.v{n} }}}}' * 3}\n" for n in range(20))
    with pytest.raises(PipelineError, match="Maximum object size exceeded"):
        final("variables:\n  v0: abcdefghij\n" + lines + "jobs: []\n")


def test_shared_object_counts_as_often_as_it_is_written(final: Data) -> None:
    text = HUNDRED + f"- name: long\n  type: object\n  default: [{', '.join(['x' * 500] * 100)}]\njobs:\n"
    text += "- ${{ each a in parameters.n }}:\n  - ${{ each b in parameters.n }}:\n"
    text += "    - job: ${{ format('j{0}_{1}', a, b) }}\n      strategy: {matrix: '${{ parameters.long }}'}\n"
    with pytest.raises(PipelineError, match="Maximum object size exceeded"):
        final(text)


def test_templates_that_fan_out_end(scripts: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EVENTS", 10_000)
    files = {f"t{n}.yml": "steps:\n" + f"- template: t{n + 1}.yml\n" * 10 for n in range(9)}
    files |= {"azure-pipelines.yml": "steps:\n- template: t0.yml\n", "t9.yml": "steps:\n- script: a\n"}
    with pytest.raises(PipelineError, match=r"Maximum events exceeded while evaluating the template\. This may"):
        scripts(files)


def test_two_thousand_steps_are_far_from_the_limits(scripts: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EVENTS", limits.MAX_EVENTS // 4)
    text = HUNDRED + "steps:\n" + "- ${{ each n in parameters.n }}:\n  - template: t.yml\n" * 20
    assert len(scripts({"azure-pipelines.yml": text, "t.yml": "steps:\n- script: a\n"})) == 2000


def test_loops_that_write_nothing_end_too(final: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EVENTS", 10_000)
    text = HUNDRED + "jobs:\n" + "".join(
        f"{'  ' * level}- ${{{{ each i{level} in parameters.n }}}}:\n" for level in range(4)
    )
    with pytest.raises(PipelineError, match="Maximum events exceeded"):
        final(text + "        - ${{ if false }}:\n          - job: A\n")
