from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.commands import context
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.commands.conftest import Bench
from tests.sandbox.databricks.conftest import Client


def test_one_command_goes_on_where_the_other_ended(bench: Bench) -> None:
    """1.2: one namespace for all commands of a context."""
    assert bench.data("import math\nx = math.sqrt(16)") == ""
    assert bench.data("x + 1") == "5.0"


def test_contexts_know_nothing_of_each_other(bench: Bench) -> None:
    bench.data("x = 1")
    other = Bench(bench.client, bench.cluster_id)
    assert other.results("x")["summary"] == "NameError: name 'x' is not defined"


def test_what_is_printed_is_the_data(bench: Bench) -> None:
    """1.2: dbx uses a printed folder as a value, so the last line break does not belong to it."""
    assert bench.data("print('a')\nprint('b')") == "a\nb"
    assert bench.data("import subprocess\n_ = subprocess.run(['echo', 'from a program'])") == "from a program"


def test_error_is_a_result(bench: Bench) -> None:
    results = bench.results("def f():\n    1 / 0\n\nprint('before')\nf()")
    assert (results["resultType"], results["summary"]) == ("error", "ZeroDivisionError: division by zero")
    assert results["cause"].startswith("before\nTraceback (most recent call last):")
    assert 'File "<command-1>", line 2, in f\n    1 / 0' in results["cause"]


@pytest.mark.parametrize("text", [
    "raise ValueError('x' * 40_000_000)", r"raise ValueError('\ud800')", r"raise KeyError('\x00')",
], ids=["huge", "half a character", "zero"])
def test_error_that_cannot_be_told_is_told_as_it_can(bench: Bench, text: str) -> None:
    assert len(bench.results(text)["summary"]) <= 256 * 1024
    assert bench.data("1") == "1"


@pytest.mark.parametrize(("text", "size"), [
    ("print('x' * 40_000_000)", 5 * 1024 * 1024), (r"import os; _ = os.write(1, b'\xff\n')", 1),
], ids=["huge", "no text"])
def test_output_is_bounded_text(bench: Bench, text: str, size: int) -> None:
    assert len(bench.data(text)) == size


@pytest.mark.parametrize("text", ["raise SystemExit(1)", "import sys; sys.exit('no')"])
def test_command_that_ends_its_program_ends_itself_alone(bench: Bench, text: str) -> None:
    assert bench.results(text)["resultType"] == "error"
    assert bench.data("1") == "1"


def test_indented_text_is_a_command(bench: Bench) -> None:
    """1.2: https://github.com/databrickslabs/dbx/blob/v0.8.19/dbx/api/context.py sends it so."""
    assert bench.data("\n        from tempfile import mkdtemp\n        print(mkdtemp())\n        ").startswith("/")


@pytest.mark.parametrize(("text", "data"), [
    ("%sh echo hello", "hello"), ("%md # title", ""), ("dbutils.notebook.exit('done')", "Notebook exited: done"),
])
def test_magics_of_notebooks_are_understood(bench: Bench, text: str, data: str) -> None:
    assert bench.data(text) == data


def test_language_that_is_not_run_is_told_so(bench: Bench) -> None:
    assert "does not run %scala cells" in bench.results("val x = 1", language="scala")["summary"]


def test_files_of_dbfs_are_there(bench: Bench) -> None:
    bench.client.post("2.0/dbfs/put", path="/a/b.txt", contents="aGVsbG8=")
    assert bench.data("dbutils.fs.head('/a/b.txt')") == "'hello'"


def test_secrets_are_not_shown(bench: Bench) -> None:
    bench.client.post("2.0/secrets/scopes/create", scope="s")
    bench.client.post("2.0/secrets/put", scope="s", key="k", string_value="hunter2")
    assert bench.data("print(dbutils.secrets.get('s', 'k'))") == "[REDACTED]"
    assert bench.results("raise ValueError(dbutils.secrets.get('s', 'k'))")["summary"] == "ValueError: [REDACTED]"


def test_commands_wait_for_each_other(bench: Bench) -> None:
    """1.2: Queued, Running, Finished."""
    first = bench.start("import time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.01)")
    second = bench.start("open('seen', 'w').close()")
    running = bench.wait(first, "Running")
    assert (running["results"], bench.status(second).body["status"]) == (None, "Queued")
    (bench.home() / "go").touch()
    assert [bench.wait(command)["status"] for command in (first, second)] == ["Finished", "Finished"]


def test_running_command_is_cancelled(bench: Bench) -> None:
    """1.2: Cancelling, then Cancelled; the context goes on."""
    assert bench.data("x = 7") == ""
    command = bench.start("import time\ntime.sleep(60)")
    bench.wait(command, "Running")
    assert bench.cancel(command).status == 200
    assert bench.status(command).body["status"] in {"Cancelling", "Cancelled"}
    assert bench.wait(command)["status"] == "Cancelled"
    assert bench.data("x") == "7"


def test_cancelled_command_has_results_that_clients_may_read(bench: Bench) -> None:
    command = bench.start("%sh sleep 60")
    bench.wait(command, "Running")
    bench.cancel(command)
    assert bench.wait(command)["results"]["resultType"] == "error"


def test_command_that_does_not_let_go_takes_its_context_along(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_CANCEL_SECONDS", 0.1)
    command = bench.start("""
        import time
        while True:
            try:
                open("begun", "w").close()
                time.sleep(60)
            except KeyboardInterrupt:
                pass
        """)
    bench.wait(command, "Running")
    bench.await_file("begun")
    bench.cancel(command)
    bench.wait(command, "Cancelling")
    assert bench.wait(command)["status"] == "Cancelled"
    assert bench.context_status().body["status"] == "Error"


def test_waiting_command_is_cancelled_at_once(bench: Bench) -> None:
    first, second = bench.start("import time; time.sleep(60)"), bench.start("1")
    bench.cancel(second)
    assert bench.status(second).body["status"] == "Cancelled"
    assert bench.status(first).body["status"] in {"Queued", "Running"}


def test_finished_command_keeps_its_results(bench: Bench) -> None:
    command = bench.start("1")
    before = bench.wait(command)
    bench.cancel(command)
    assert bench.status(command).body == before


def test_process_that_falls_fails_its_command_and_ends_the_context(bench: Bench) -> None:
    wait_and_fall = "import os, time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.01)\nos._exit(3)"
    command, second = bench.start(wait_and_fall), bench.start("1")
    bench.wait(command, "Running")
    (bench.home() / "go").touch()
    for lost in (command, second):
        ended = bench.wait(lost)
        assert (ended["status"], "process is gone" in ended["results"]["cause"]) == ("Error", True)
    assert (bench.context_status().body["status"], bench.execute("1").status) == ("Error", 404)


def test_command_for_which_there_is_no_room_is_lost(bench: Bench) -> None:
    folder = bench.client.workspace.state.contexts.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()
    assert "process is gone" in bench.wait(bench.start("1"))["results"]["cause"]


def test_context_without_a_process_makes_room_for_another(bench: Bench) -> None:
    bench.wait(bench.start("import os; os._exit(3)"))
    assert bench.create().status == 200
    assert bench.context_status().status == 404


def test_terminated_cluster_takes_the_process_with_it(bench: Bench) -> None:
    bench.data("1")
    folder = bench.client.workspace.state.contexts.folder
    assert len(list(folder.iterdir())) == 1
    bench.client.post("2.1/clusters/permanent-delete", cluster_id=bench.cluster_id)
    for _ in range(1200):
        threading.Event().wait(0.05)
        if not list(folder.iterdir()):
            break
    assert list(folder.iterdir()) == []


def test_cluster_that_runs_commands_is_not_idle(bench: Bench, clock: FakeClock) -> None:
    cluster_id = bench.client.create_running(autotermination_minutes=10)
    other = Bench(bench.client, cluster_id)
    clock.advance(9 * 60)
    other.data("1")
    clock.advance(9 * 60)
    assert bench.client.state(cluster_id) == "RUNNING"


def test_contexts_end_with_the_sandbox(tmp_path: Path) -> None:
    """1.2: what runs in a process is gone after a restart, and so is its folder."""
    clock = FakeClock()

    def opened() -> Workspace:
        return Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path)

    first = opened()
    client = Client(first, first.token)
    bench = Bench(client, client.create_running())
    bench.data("1")
    first.close()
    (tmp_path / "contexts" / "context-of-a-killed-one").mkdir(parents=True)
    again = Bench(Client(opened(), first.token), bench.cluster_id, bench.context_id)
    assert again.context_status().status == 404
    assert not (tmp_path / "contexts").exists()
