"""Python files, wheels, and packages of a run's own."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.errors import ApiError
from sandbox.databricks.notebooks.libraries import pip_arguments
from sandbox.databricks.notebooks.task import NotebookTask
from tests.sandbox.databricks.notebooks.conftest import ANNA, FOLDER, Bench
from tests.sandbox.databricks.notebooks.wheels import wheel

ARGUMENTS = "import sys\nprint(sys.argv[1:])\n"
MIXED = {"10": "c", "0": "a", "name": "x", "2": "b"}
WHEEL = "our_lib-1.0-py3-none-any.whl"


def test_a_python_file_gets_its_arguments_in_order(bench: Bench) -> None:
    bench.write("jobs/job.py", ARGUMENTS + "if __name__ == '__main__': print(open('beside.txt').read())\n")
    bench.write("jobs/beside.txt", "beside")
    result = bench.run_task(NotebookTask(f"{FOLDER}/jobs/job.py", MIXED, ANNA, "python_file"))
    assert result.output == "['a', 'b', 'c', '--name=x']\nbeside\n"


@pytest.mark.parametrize(("end", "succeeded"), [("sys.exit(0)", True), ("sys.exit()", True), ("sys.exit(2)", False),
                                                ("sys.exit('no')", False), ("1 / 0", False)])
def test_a_python_file_ends_by_its_exit_code(bench: Bench, end: str, succeeded: bool) -> None:
    bench.write("job.py", f"import sys\n{end}\n")
    assert bench.run("job.py", kind="python_file").succeeded is succeeded


def test_a_python_file_imports_from_the_root_of_its_repository(bench: Bench) -> None:
    bench.write("model/names.py", "NAME = 'ours'\n")
    bench.write("jobs/job.py", "from model.names import NAME\nprint(NAME)\n")
    assert bench.run("jobs/job.py", kind="python_file").output == "ours\n"


@pytest.mark.parametrize(("name", "told"), [
    ("missing.py", "Either it does not exist"), ("jobs", "is no file but a directory")])
def test_what_is_no_file_is_not_run(bench: Bench, name: str, told: str) -> None:
    bench.write("jobs/job.py", "")
    assert told in bench.run(name, kind="python_file").error


def test_a_wheel_is_entered_by_its_entry_point(bench: Bench) -> None:
    source = "import sys\ndef main():\n    print('main', sys.argv[1:])\ndef other():\n    print('other')\n"
    bench.write(WHEEL, wheel("our_lib", source, "run = our_lib:main"))
    libraries = ({"whl": f"/Workspace{FOLDER}/{WHEEL}"},)
    result = bench.run_task(NotebookTask("our-lib:run", MIXED, ANNA, "wheel", libraries))
    assert (result.output, result.error) == ("main ['a', 'b', 'c', '--name=x']\n", "")
    assert bench.run("our_lib:other", kind="wheel", libraries=libraries).output == "other\n"


def test_a_wheel_starts_in_a_folder_of_its_own(bench: Bench) -> None:
    source = "from pathlib import Path\ndef main():\n    print(Path.cwd() == Path.home())\n"
    bench.write(WHEEL, wheel("our_lib", source))
    libraries = ({"whl": f"/Workspace{FOLDER}/{WHEEL}"},)
    assert bench.run("our_lib:main", kind="wheel", libraries=libraries).output == "True\n"


def test_pip_installs_for_this_run_alone(bench: Bench) -> None:
    bench.write(f"notebooks/{WHEEL}", wheel("our_lib", "NAME = 'ours'\n"))
    cells = (f"# MAGIC %pip install --no-index ./{WHEEL}", "import our_lib\nprint(our_lib.NAME)")
    assert bench.output(*cells) == "ours\n"
    assert bench.cells("import our_lib").error == "ModuleNotFoundError: No module named 'our_lib'"


def test_pip_tells_what_it_could_not_install(bench: Bench) -> None:
    result = bench.cells("# MAGIC %pip install --no-index no-such-package-of-ours")
    assert result.error.endswith("pip install --no-index no-such-package-of-ours failed with exit code 1")
    assert "No matching distribution found" in result.output


@pytest.mark.parametrize(("libraries", "from_index", "words"), [
    ([{"pypi": {"package": "pandas==2.2.3"}}, {"maven": {"coordinates": "a:b:1"}}], False, []),
    ([{"pypi": {"package": "pandas==2.2.3"}}], True, ["pandas==2.2.3"]),
    ([{"pypi": {"package": "x", "repo": "https://pypi.example.test"}}], True,
     ["--extra-index-url", "https://pypi.example.test", "x"]),
    ([{"whl": "/Shared/x.whl"}], False, ["--no-deps", "x.whl"]), ([{"whl": "/Shared/x.whl"}], True, ["x.whl"]),
    ([{"requirements": "/Shared/r.txt"}], True, ["-r", "r.txt"]), ([{"requirements": "/Shared/r.txt"}], False, []),
])
def test_libraries_become_words_for_pip(
        bench: Bench, libraries: list[dict[str, Any]], from_index: bool, words: list[str]) -> None:
    files = bench.workspace.state.files
    for name in ("x.whl", "r.txt"):
        files.tree.write(f"/Shared/{name}", b"")
    found = pip_arguments(files, libraries, from_index=from_index)
    assert [word.rpartition("/Shared/")[2] for word in found] == words


def test_a_library_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(ApiError, match=r"Library /Shared/no.whl does not exist"):
        pip_arguments(bench.workspace.state.files, [{"whl": "/Shared/no.whl"}], from_index=False)
