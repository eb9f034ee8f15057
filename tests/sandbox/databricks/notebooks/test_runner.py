"""Notebooks as their authors know them: cells, widgets, other notebooks, their ends and their errors."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.notebooks.conftest import FOLDER, Bench

PROJECT = Path(__file__).parents[4]


def test_the_product_s_own_notebook_runs(bench: Bench) -> None:
    product = PROJECT / "files_for_remote_repo"
    bench.write("notebooks/summarise_numbers.py", (product / "notebooks/summarise_numbers.py").read_bytes())
    bench.write("environment_config.json", (product / "environment_config.json").read_bytes())
    result = bench.run("notebooks/summarise_numbers", environment="prod")
    assert (result.succeeded, json.loads(result.exit_value)["environment"]) == (True, "prod")
    assert "prod writes to the container product-prod" in result.output


def test_cells_share_one_namespace(bench: Bench) -> None:
    assert bench.output("x = 1", "def more():\n    return x + 1", "x = 41\nprint(more())") == "42\n"


def test_the_last_expression_is_shown(bench: Bench) -> None:
    assert bench.output("3 + 4", "None", "'a'; 'b'", "x = 5") == "7\n'b'\n"


def test_futures_hold_for_later_cells_and_dataclasses_find_their_module(bench: Bench) -> None:
    assert bench.output("from __future__ import annotations\nfrom dataclasses import dataclass",
                        "@dataclass\nclass Row:\n    other: Missing\nprint(Row(1), Row.__module__)") == (
        "Row(other=1) __main__\n")


def test_a_jupyter_notebook_runs(bench: Bench) -> None:
    cells = [{"cell_type": "markdown", "source": ["# Title"]}, {"cell_type": "code", "source": ["x = 1\n", "x"]},
             {"cell_type": "code", "source": "1 / 0"}]
    bench.write("train.ipynb", json.dumps({"cells": cells, "nbformat": 4}))
    result = bench.run("train")
    assert (result.output, result.error) == ("1\n", "ZeroDivisionError: division by zero")
    assert 'train.ipynb, cell 3", line 1, in <module>\n    1 / 0\n' in result.error_trace


def test_an_error_names_the_line_of_the_file_and_no_line_of_ours(bench: Bench) -> None:
    result = bench.cells("x = 1", "def fail():\n    raise ValueError('no\\nmore')\nfail()")
    assert (result.succeeded, result.error) == (False, "ValueError: no")
    assert f'File "{FOLDER}/notebooks/cells.py", line 8, in <module>\n    fail()' in result.error_trace
    assert "kernel" not in result.error_trace


def test_a_syntax_error_names_its_line(bench: Bench) -> None:
    result = bench.cells("x = 1", "y = (")
    assert result.error == "SyntaxError: '(' was never closed"
    assert 'cells.py", line 6' in result.error_trace


def test_what_ran_before_an_error_is_shown(bench: Bench) -> None:
    result = bench.cells("print('before')", "1 / 0", "print('after')")
    assert (result.output, result.succeeded) == ("before\n", False)


def test_exit_ends_the_notebook_even_inside_a_try(bench: Bench) -> None:
    result = bench.cells("try:\n    dbutils.notebook.exit('done')\nexcept Exception:\n    pass", "print('never')")
    assert (result.succeeded, result.exit_value, result.output) == (True, "done", "")


@pytest.mark.parametrize("call", ["sys.exit(0)", "sys.exit(3)", "exit_later()"], ids=["0", "3", "unknown name"])
def test_leaving_python_fails_the_notebook(bench: Bench, call: str) -> None:
    assert not bench.cells(f"import sys\n{call}").succeeded


def test_a_parameter_goes_before_a_widget_s_default(bench: Bench) -> None:
    cell = ("dbutils.widgets.text('a', '1')\ndbutils.widgets.dropdown('b', 'x', ['x', 'y'])\n"
            "print(dbutils.widgets.getAll(), dbutils.widgets.get('c'))")
    assert bench.output(cell, a="2", c="3") == "{'a': '2', 'b': 'x', 'c': '3'} 3\n"


def test_an_unknown_widget_is_named(bench: Bench) -> None:
    assert bench.cells("dbutils.widgets.get('a')").error == (
        "InputWidgetNotDefined: No input widget named a is defined")


def test_modules_of_the_repository_are_imported_from_its_root(bench: Bench) -> None:
    bench.write("model/features.py", "NAME = 'ours'\n")
    assert bench.output("from model.features import NAME\nprint(NAME)") == "ours\n"
    assert not list(bench.workspace.state.files.tree.disk(FOLDER).rglob("__pycache__"))


@pytest.mark.parametrize("name", ["sandbox", "steps", "tests"])
def test_this_project_is_not_importable(bench: Bench, name: str) -> None:
    assert bench.cells(f"import {name}").error == f"ModuleNotFoundError: No module named '{name}'"


def test_run_executes_the_other_notebook_here(bench: Bench) -> None:
    bench.notebook("shared/setup", "name = dbutils.widgets.get('who')", "# MAGIC %run ./deeper")
    bench.notebook("shared/deeper", "deeper = name * 2")
    assert bench.output('# MAGIC %run ../shared/setup $who="ab"', "print(deeper)") == "abab\n"


@pytest.mark.parametrize(("path", "told"), [
    ("./missing", "Either it does not exist"), ("../../../../../etc/passwd", "Unable to access the notebook"),
    ("./cells", "more than 50 deep"),
], ids=["missing", "outside", "itself"])
def test_run_refuses_by_name(bench: Bench, path: str, told: str) -> None:
    assert told in bench.cells(f"# MAGIC %run {path}").error


def test_notebook_run_has_a_process_and_parameters_of_its_own(bench: Bench) -> None:
    bench.notebook("notebooks/other", "x = 2\ndbutils.notebook.exit(dbutils.widgets.get('n') + '!')")
    assert bench.output("x = 1\nprint(dbutils.notebook.run('./other', 60, {'n': 7}), x)") == "7! 1\n"


def test_notebook_run_raises_what_the_other_failed_with(bench: Bench) -> None:
    bench.notebook("notebooks/other", "1 / 0")
    result = bench.cells("try:\n    dbutils.notebook.run('./other')\nexcept Exception as error:\n    print(error)")
    assert result.output == f"{FOLDER}/notebooks/other: ZeroDivisionError: division by zero\n"


def test_notebook_run_keeps_its_time_limit(bench: Bench) -> None:
    bench.notebook("notebooks/other", "import time\ntime.sleep(30)")
    assert "Run timed out." in bench.cells("dbutils.notebook.run('./other', 0.2)").error


def test_notebooks_that_start_themselves_come_to_an_end(bench: Bench) -> None:
    assert "more than 10 deep" in bench.cells("dbutils.notebook.run('./cells')").error


def test_shell_cells_run_beside_the_notebook(bench: Bench) -> None:
    bench.write("notebooks/data.txt", "beside\n")
    assert bench.output("# MAGIC %sh cat data.txt; exit 3", "print('on')") == "beside\non\n"


def test_a_strict_shell_cell_fails_the_notebook(bench: Bench) -> None:
    assert bench.cells("# MAGIC %sh -e\n# MAGIC false\n# MAGIC echo no").error.endswith("exit code 1")


def test_file_store_lies_outside_the_repository(bench: Bench) -> None:
    bench.output("dbutils.fs.put('/data/a.txt', 'hello')")
    assert bench.output("print(dbutils.fs.head('dbfs:/data/a.txt'))", "# MAGIC %fs ls /data").startswith("hello\n")


def test_restart_forgets_what_was_defined(bench: Bench) -> None:
    assert bench.output("x = 1", "dbutils.library.restartPython()", "print('x' in globals(), dbutils is not None)") == (
        "False True\n")


@pytest.mark.parametrize(("cell", "told"), [
    ("# MAGIC %scala\n# MAGIC val x = 1", "does not run %scala cells"),
    ("%timeit 1", "does not run %timeit"), ("dbutils.jobs.taskValues", "does not model dbutils.dbutils.jobs"),
    ("# MAGIC %pip uninstall x", "not '%pip uninstall'"),
], ids=["language", "line magic", "dbutils", "pip command"])
def test_what_is_not_modelled_is_named(bench: Bench, cell: str, told: str) -> None:
    assert told in bench.cells(cell).error


def test_tables_and_values_are_displayed(bench: Bench) -> None:
    cells = ("class Table:\n    def to_string(self): return 'a b'",
             "display(Table())\ndisplay([1])\ndisplayHTML('<b>')")
    assert bench.output(*cells) == "a b\n[1]\n<b>\n"


def test_harmless_line_magics_are_passed_over(bench: Bench) -> None:
    assert bench.output("%matplotlib inline\nprint(1)") == "1\n"


@pytest.mark.parametrize("cell", ["spark.range(3)", "# MAGIC %sql select 1", "sc.parallelize([1])"])
def test_spark_without_pyspark_says_how_to_get_it(bench: Bench, cell: str) -> None:
    assert "pip install pyspark" in bench.cells(cell).error


PYSPARK = """
class Frame:
    def __init__(self, text):
        self.text = text
    def show(self):
        print("rows of", self.text)

class SparkSession:
    class builder:
        master = config = staticmethod(lambda *_: SparkSession.builder)
        getOrCreate = staticmethod(lambda: SparkSession())
    def sql(self, text):
        return Frame(text)
"""


def test_spark_is_started_where_pyspark_can_be_imported(bench: Bench) -> None:
    """Stands in for pyspark, which is not among what the tests install."""
    bench.write("pyspark/__init__.py", "")
    bench.write("pyspark/sql.py", PYSPARK)
    assert bench.output("# MAGIC %sql select 1", "print(_sqldf.text)", "display(spark.sql('select 2'))") == (
        "rows of select 1\nselect 1\nrows of select 2\n")


def test_the_notebook_knows_its_path(bench: Bench) -> None:
    context = "dbutils.notebook.entry_point.getDbutils().notebook().getContext().notebookPath().get()"
    assert bench.output(f"print({context})") == f"{FOLDER}/notebooks/cells\n"


def test_a_stranger_may_not_run_it(bench: Bench, workspace: Workspace) -> None:
    workspace.add_user("stranger@example.test")
    bench.notebook("train", "print(1)")
    result = bench.run("train", run_as="stranger@example.test")
    assert (result.output, result.error) == ("", (
        f'Unable to access the notebook "{FOLDER}/train". Either it does not exist, or the identity used to run this '
        "job, stranger@example.test, lacks the required permissions."))


@pytest.mark.parametrize(("name", "told"), [
    ("missing", "Either it does not exist"), ("notebooks", "is no notebook but a directory"),
    ("data.txt", "is no notebook but a file"), ("../x", "Invalid request path"),
])
def test_what_is_no_notebook_is_not_run(bench: Bench, name: str, told: str) -> None:
    bench.notebook("notebooks/train", "1")
    bench.write("data.txt", "x")
    assert told in bench.run(name).error


def test_an_unknown_principal_runs_nothing(bench: Bench) -> None:
    bench.notebook("train", "1")
    assert bench.run("train", run_as="nobody").error == "nobody is not a member of this workspace"


def test_a_broken_jupyter_notebook_is_an_error_of_its_own(bench: Bench) -> None:
    bench.write("train.ipynb", "{}")
    assert "is no Jupyter notebook" in bench.run("train").error
