"""Whatever way a secret takes, it is not shown."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.databricks.notebooks.output import OUTPUT_LIMIT
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.notebooks.conftest import Bench

VALUE = "hunter2-hunter2"
Put = Callable[..., str]


@pytest.mark.parametrize("cell", [
    "print({get})", "{get}", "import sys\nprint({get}, file=sys.stderr)", "import os\n_ = os.write(1, {get}.encode())",
    "import subprocess\n_ = subprocess.run(['echo', {get}])", "for c in {get}: print(c, end='', flush=True)",
], ids=["print", "expression", "stderr", "raw", "child", "letter by letter"])
def test_secrets_are_redacted_in_the_output(bench: Bench, secret: Put, cell: str) -> None:
    assert bench.output(cell.format(get=secret(VALUE))).strip().strip("'") == "[REDACTED]"


def test_secrets_are_redacted_in_error_trace_and_exit_value(bench: Bench, secret: Put) -> None:
    result = bench.cells(f"raise ValueError({secret(VALUE)})")
    assert (result.error, VALUE in result.error_trace) == ("ValueError: [REDACTED]", False)
    assert bench.cells(f"dbutils.notebook.exit({secret(VALUE)})").exit_value == "[REDACTED]"


def test_the_notebook_itself_has_the_value(bench: Bench, secret: Put) -> None:
    assert bench.output(f"print(len({secret(VALUE)}))") == f"{len(VALUE)}\n"


def test_a_started_notebook_s_secret_is_redacted_in_both(bench: Bench, secret: Put) -> None:
    bench.notebook("notebooks/other", f"dbutils.notebook.exit({secret(VALUE)})")
    result = bench.cells("got = dbutils.notebook.run('./other')\nprint(len(got), got)")
    assert result.output == f"{len(VALUE)} [REDACTED]\n"


def test_a_secret_at_the_end_of_what_is_shown_is_redacted(bench: Bench, secret: Put) -> None:
    padding = OUTPUT_LIMIT - len(VALUE) // 2
    output = bench.output(f"import sys\nsys.stdout.write('x' * {padding} + {secret(VALUE)} + 'y' * 400_000)")
    assert "hunter" not in output[-200:]
    assert "cut off" in output[-100:]


def test_rights_on_the_scope_are_those_of_the_run(bench: Bench, secret: Put, workspace: Workspace) -> None:
    get = secret(VALUE)
    workspace.add_user("ben@example.test")
    bench.notebook("train", f"print({get})")
    files = workspace.state.files
    entry = files.entry("/Repos/dev/churn/train", bench.anna)
    workspace.state.access.change(files.register.kind_of(entry), str(files.object_id(entry)), replace=False, entries=[
        {"user_name": "ben@example.test", "permission_level": "CAN_RUN"}])
    assert "does not have READ permission on scope team" in bench.run("train", run_as="ben@example.test").error


@pytest.mark.parametrize(("call", "told"), [
    ("get('team', 'other')", "Secret does not exist"), ("get('other', 'x')", "Scope other does not exist!"),
])
def test_missing_secrets_are_named(bench: Bench, secret: Put, call: str, told: str) -> None:
    secret(VALUE)
    assert told in bench.cells(f"dbutils.secrets.{call}").error


def test_scopes_and_keys_are_listed_without_values(bench: Bench, secret: Put) -> None:
    secret(VALUE)
    cell = "print(dbutils.secrets.listScopes(), dbutils.secrets.list('team'))"
    assert bench.output(cell) == "['team'] ['password']\n"
