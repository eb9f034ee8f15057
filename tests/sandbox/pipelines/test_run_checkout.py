from __future__ import annotations

import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.pipelines.request import RunResult
from sandbox.pipelines.run import run_pipeline
from tests.sandbox.pipelines.running import ENTRY, lines, request, run

GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@example.test", "-c", "init.defaultBranch=main"]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet")
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


LIBRARY = """
    resources:
      repositories:
      - {{repository: lib, type: git, name: team/library, ref: refs/tags/v1}}
      - {{repository: code, type: git, name: team/program.git, ref: refs/heads/main}}
    jobs:
    - job: a
      steps:
      {steps}
      - bash: |
          cd "$PIPELINE_WORKSPACE"
          find . -name '*.txt' | sort
          echo "${{BUILD_SOURCESDIRECTORY#$PIPELINE_WORKSPACE}}"
    """


def run_with_library(folder: Path, steps: str) -> RunResult:
    library = repository(folder / "library", {"lib.txt": "old"})
    git(library, "tag", "v1")
    (library / "new.txt").write_text("new")
    git(library, "add", "--all")
    git(library, "commit", "--quiet", "--message", "second")
    made = request(folder, LIBRARY.format(steps=steps), {"self.txt": ""})
    made.repositories.add_git("team/library", library)
    made.repositories.add_git("team/program.git", repository(folder / "program", {"program.txt": ""}))
    return run_pipeline(made)


LAYOUTS = [
    pytest.param("", ["./s/self.txt", "/s"], id="implicit"),
    pytest.param("- checkout: none", ["/s"], id="none"),
    pytest.param("- checkout: self", ["./s/self.txt", "/s"], id="self"),
    pytest.param("- checkout: lib", ["./s/lib.txt", "/s"], id="one other"),
    pytest.param("- {checkout: self, path: custom/dir}", ["./custom/dir/self.txt", "/custom/dir"], id="path"),
    pytest.param("- {checkout: self}\n      - {checkout: lib}",
                 ["./s/library/lib.txt", "./s/product/self.txt", "/s"], id="two"),
    pytest.param("- {checkout: lib}\n      - {checkout: code}",
                 ["./s/library/lib.txt", "./s/program/program.txt", "/s"], id="two others"),
    pytest.param("- {checkout: self, path: a}\n      - {checkout: self, path: b}",
                 ["./a/self.txt", "./b/self.txt", "/s"], id="one repository twice"),
    pytest.param("- checkout: LIB", ["./s/lib.txt", "/s"], id="alias in any case"),
    pytest.param("- {checkout: self, path: s/deep, workspaceRepo: true}", ["./s/deep/self.txt", "/s/deep"],
                 id="workspace repository"),
    pytest.param("- {checkout: self, path: product}\n      - {checkout: lib, path: cicd}",
                 ["./cicd/lib.txt", "./product/self.txt", "/s"], id="two with paths"),
]


@pytest.mark.parametrize(("steps", "found"), LAYOUTS)
def test_repositories_land_where_the_service_puts_them(tmp_path: Path, steps: str, found: list[str]) -> None:
    result = run_with_library(tmp_path, steps)
    assert [line for line in lines(result) if line[:1] in (".", "/", "")] == found


def test_a_git_checkout_is_detached_at_the_commit_of_the_run(tmp_path: Path) -> None:
    made = request(tmp_path, "steps: [{bash: 'git rev-parse HEAD; git symbolic-ref -q HEAD || echo detached'}]")
    product = tmp_path / "product"
    git(product, "init", "--quiet")
    git(product, "add", "--all")
    git(product, "commit", "--quiet", "--message", "first")
    first = git(product, "rev-parse", "HEAD")
    git(product, "commit", "--quiet", "--allow-empty", "--message", "later")
    made.repositories.add_git("product", product)
    result = run_pipeline(replace(made, commit=replace(made.commit, sha=first)))
    assert lines(result)[1:] == [first, "detached"]


def test_the_yaml_of_the_commit_decides_and_not_the_work_tree(tmp_path: Path) -> None:
    made = request(tmp_path, "steps: [{bash: echo committed}]")
    product = tmp_path / "product"
    git(product, "init", "--quiet")
    git(product, "add", "--all")
    git(product, "commit", "--quiet", "--message", "first")
    made.repositories.add_git("product", product)
    (product / ENTRY).write_text("steps: [{bash: echo changed}]")
    result = run_pipeline(replace(made, commit=made.repositories.resolve("product")))
    assert "committed" in lines(result)


def test_one_git_repository_may_be_checked_out_twice_into_one_place(tmp_path: Path) -> None:
    made = request(tmp_path, "steps: [{checkout: self}, {checkout: self}, {bash: 'ls s/product || ls product'}]")
    product = tmp_path / "product"
    git(product, "init", "--quiet")
    git(product, "add", "--all")
    git(product, "commit", "--quiet", "--message", "first")
    made.repositories.add_git("product", product)
    assert run_pipeline(replace(made, commit=made.repositories.resolve("product"))).result == "succeeded"


REFUSED = [
    ("{checkout: self, path: ../../out}", "has to be a folder below"),
    ("{checkout: self, persistCredentials: true}", "'persistcredentials: true' is not modelled"),
    ("{checkout: self, submodules: recursive}", "'submodules: recursive' is not modelled"),
]


@pytest.mark.parametrize(("step", "said"), REFUSED)
def test_a_checkout_that_is_not_modelled_fails(tmp_path: Path, step: str, said: str) -> None:
    result = run(tmp_path, f"steps: [{step}]")
    assert result.result == "failed"
    assert said in result.log


def test_scripts_leave_nothing_in_the_temp_folder(tmp_path: Path) -> None:
    run(tmp_path, "steps: [{bash: 'echo secret > $AGENT_TEMPDIRECTORY/x'}]")
    assert not (tmp_path / "work" / "agents" / "1" / "_temp").exists()


def test_a_commit_message_cannot_command_the_agent(tmp_path: Path) -> None:
    show = "echo \"$BUILD_SOURCEVERSIONMESSAGE\"; echo \"$BUILD_SOURCEVERSIONAUTHOR\""
    made = request(tmp_path, f"steps: [{{bash: '{show}'}}]")
    product = tmp_path / "product"
    git(product, "init", "--quiet")
    git(product, "add", "--all")
    git(product, "commit", "--quiet", "--message", "##vso[task.complete result=Failed]done\n\nbody")
    made.repositories.add_git("product", product)
    result = run_pipeline(replace(made, commit=made.repositories.resolve("product")))
    assert lines(result)[1:] == ["**vso[task.complete result=Failed]done", "t <t@example.test>"]
    assert result.result == "succeeded"


def test_a_plain_folder_is_copied_without_the_run_inside_it_and_without_sockets(tmp_path: Path) -> None:
    made = request(tmp_path, "steps: [{bash: 'find . | sort'}]", {"a.txt": ""})
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "product" / "socket"))
        result = run_pipeline(replace(made, work_folder=tmp_path / "product" / "work"))
    assert lines(result) == [".", "./a.txt", f"./{ENTRY}"]
