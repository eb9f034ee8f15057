"""A notebook can end as it likes: the sandbox is not moved, and nothing of it is left."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sandbox.databricks.notebooks.output import OUTPUT_LIMIT
from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.notebooks.task import NotebookTask
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.notebooks.conftest import Bench

PROJECT = Path(__file__).parents[4]
SANDBOX_WITH_A_RUN = """
import sys, threading
from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.notebooks.task import NotebookTask
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant

workspace = Workspace("dev", tenant=Tenant())
source = f"# Databricks notebook source\\nimport os, time\\n"
source += f"open({sys.argv[1]!r}, 'w').write(str(os.getpid()))\\ntime.sleep(60)"
workspace.state.files.tree.write("/Shared/n.py", source.encode())
LocalRunner(workspace.state).run(NotebookTask("/Shared/n", {}, workspace.token_user), threading.Event())
"""


def is_running(number: int) -> bool:
    """Not gone, and no zombie either."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until_gone(number: int) -> bool:
    until = time.monotonic() + 60
    while is_running(number) and time.monotonic() < until:
        time.sleep(0.01)
    return not is_running(number)


@pytest.mark.parametrize(("cell", "told"), [
    ("import os\nos._exit(7)", "exit code 7"), ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
    ("import os, signal\nos.killpg(0, signal.SIGKILL)", "signal 9"), ("import os\nos.closerange(3, 50)\n", "exit code"),
], ids=["exit", "crash", "kills its group", "closes its line"])
def test_a_process_that_falls_is_an_error(bench: Bench, cell: str, told: str) -> None:
    result = bench.cells(f"print('before')\n{cell}")
    assert (result.succeeded, result.output) == (False, "before\n")
    assert told in result.error


def test_stop_ends_the_run_with_all_it_started(bench: Bench) -> None:
    threading.Timer(0.4, bench.stop.set).start()
    result = bench.cells("import os, subprocess, time\nchild = subprocess.Popen(['sleep', '60'])\n"
                         "print(os.getpid(), child.pid)\ntime.sleep(60)")
    assert (result.succeeded, result.error) == (False, "Run cancelled.")
    assert all(wait_until_gone(int(number)) for number in result.output.split())


def test_stop_reaches_a_notebook_that_another_one_started(bench: Bench) -> None:
    bench.notebook("notebooks/other", "import time\ntime.sleep(60)")
    threading.Timer(0.4, bench.stop.set).start()
    assert bench.cells("dbutils.notebook.run('./other')").error == "Run cancelled."


def test_the_time_limit_ends_the_run(bench: Bench) -> None:
    bench.time_limit = 0.3
    result = bench.cells("print('on')\nwhile True: pass")
    # It may have had no time even to begin.
    assert result.error == "Run timed out."
    assert result.output in {"", "on\n"}


def test_children_in_the_background_do_not_outlive_the_run(bench: Bench) -> None:
    assert wait_until_gone(int(bench.output("# MAGIC %sh sleep 600 & echo $!")))


def test_who_left_the_group_is_not_awaited(bench: Bench) -> None:
    output = bench.output("import subprocess\nprint(subprocess.Popen(['sleep', '60'], start_new_session=True).pid)")
    assert is_running(int(output))
    os.kill(int(output), signal.SIGKILL)


def test_a_flood_of_output_is_bounded(bench: Bench) -> None:
    output = bench.output("for _ in range(400): print('x' * 50_000)")
    assert OUTPUT_LIMIT <= len(output) < OUTPUT_LIMIT + 100
    assert output.endswith(f"cut off at {OUTPUT_LIMIT} bytes ***\n")


def test_an_exit_value_is_bounded(bench: Bench) -> None:
    result = bench.cells(f"dbutils.notebook.exit('x' * {OUTPUT_LIMIT + 1})")
    assert (result.succeeded, result.exit_value) == (False, "")
    assert "the exit value is larger" in result.error


def test_output_that_is_no_utf8_is_shown_all_the_same(bench: Bench) -> None:
    assert bench.output("import os\nos.write(1, b'a\\xffb')\nNone") == "a\ufffdb"


def test_nothing_of_ours_is_inherited(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRA_CLIENT_SECRET", "ours")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://pypi.example.test")
    output = bench.output("import os\nfor name in sorted(os.environ): print(name)")
    names = {name for name in output.split() if not name.startswith("PIP_")}
    assert names == {"HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "TMPDIR"}
    assert "PIP_INDEX_URL" in output


def test_standard_input_is_empty(bench: Bench) -> None:
    assert bench.cells("input()").error == "EOFError: EOF when reading a line"


@pytest.mark.parametrize("line", ["no json", "[]", "{}", '{"message": "secret"}', '{"message": "nonsense"}'])
def test_nonsense_on_the_line_is_answered_with_no(bench: Bench, line: str) -> None:
    cell = (f"import os, socket\nfd = next(n for n in os.listdir('/proc/self/fd') if 'socket' in os.path.realpath("
            f"f'/proc/self/fd/{{n}}'))\nline = socket.socket(fileno=os.dup(int(fd)))\nline.sendall(b'{line}\\n')\n"
            "print(line.recv(1000).decode())")
    assert '"error"' in bench.output(cell)


def test_the_state_is_free_while_a_notebook_runs(bench: Bench) -> None:
    lock = bench.workspace.state.lock
    taken: list[bool] = []

    def take() -> None:
        taken.append(lock.acquire(timeout=30))
        lock.release()
        bench.stop.set()

    threading.Timer(0.4, take).start()
    result = bench.cells("import time\ntime.sleep(60)")
    assert (taken, result.error) == ([True], "Run cancelled.")


def test_a_notebook_dies_with_its_sandbox(tmp_path: Path) -> None:
    script = tmp_path / "sandbox_with_a_run.py"
    script.write_text(SANDBOX_WITH_A_RUN, encoding="utf-8")
    told = tmp_path / "pid"
    sandbox = subprocess.Popen([sys.executable, str(script), str(told)], cwd=PROJECT, start_new_session=True,
                               env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(tmp_path)})
    until = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < until:
        time.sleep(0.01)
    sandbox.kill()
    sandbox.wait()
    assert wait_until_gone(int(told.read_text()))


def test_what_runs_of_a_killed_sandbox_left_behind_is_removed(tmp_path: Path) -> None:
    folders: list[str] = []

    class Asked(threading.Event):
        def is_set(self) -> bool:
            folders.extend(path.as_posix() for path in tmp_path.glob("runs/*"))
            return True

    workspace = Workspace("dev", tenant=Tenant(), folder=tmp_path)
    workspace.state.files.tree.write("/Shared/n.py", b"# Databricks notebook source\n")
    LocalRunner(workspace.state).run(NotebookTask("/Shared/n", {}, workspace.token_user), Asked())
    assert folders
    Path(folders[0]).mkdir(parents=True)
    Workspace("dev", tenant=Tenant(), folder=tmp_path)
    assert not Path(folders[0]).exists()


def test_parallel_runs_do_not_mix(bench: Bench) -> None:
    bench.notebook("train", "dbutils.notebook.exit(dbutils.widgets.get('n'))")
    values: list[str] = []

    def run(number: int) -> None:
        values.append(bench.run("train", n=str(number)).exit_value)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(values) == [str(n) for n in range(6)]
