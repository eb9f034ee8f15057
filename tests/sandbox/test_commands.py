from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

import pytest
import requests

from sandbox.__main__ import main
from sandbox.commands.welcome import moves
from sandbox.world.world import World


@contextmanager
def up(state: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `up` and what it said until it was ready; killed at the end if it still runs."""
    command = [sys.executable, "-m", "sandbox", "up", "--state", str(state), "--start-seconds", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            if not line:
                process.kill()
            assert line, said
            said += line
        try:
            yield process, said
        finally:
            process.kill()


def welcome_of(said: str) -> str:
    return said[said.index("The sandbox is up"):]


def test_up_sets_the_product_up_first(tmp_path: Path) -> None:
    with up(tmp_path) as (_, said):
        assert said.index("run succeeded") < said.index("The sandbox is up")


def test_up_says_what_to_clone_and_the_token(tmp_path: Path) -> None:
    with up(tmp_path) as (_, said):
        organisation = json.loads((tmp_path / "addresses.json").read_text(encoding="utf-8"))["azure_devops"]
        assert f"git clone {organisation['git'].format(repo='churn')}" in said
        assert f"Password: {organisation['token']}" in said


def test_up_says_commands_that_work_where_they_are_typed(tmp_path: Path) -> None:
    with up(tmp_path) as (_, said):
        lines = [line.strip() for line in welcome_of(said).splitlines()]
        start = lines.index(f"cd {quote(str(Path.cwd()))}")
        enter_and_look = f"{lines[start]} && {lines[start + 2]}"
        ended = subprocess.run(["/bin/sh", "-c", enter_and_look], cwd=tmp_path, capture_output=True, text=True,
                               timeout=30, check=False)
        assert "Set up product repository" in ended.stdout, ended.stderr
        assert Path(next(line for line in lines if line.endswith("sandbox.md")).split()[-1]).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_up_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with up(tmp_path) as (process, _):
        process.send_signal(number)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert f"everything stays in {tmp_path}" in said
        assert not (tmp_path / "addresses.json").exists()


def test_second_up_says_who_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with up(tmp_path) as (process, _):
        assert main(["up", "--state", str(tmp_path)]) == 1
        assert f"in use by process {process.pid}; end that one first" in capsys.readouterr().err


def test_up_tells_what_is_wrong_with_a_folder_in_a_sentence(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["up", "--state", str(tmp_path / "file" / "state")]) == 1
    assert capsys.readouterr().err.endswith("file/state'; make room or name another folder with --state\n")


@pytest.mark.parametrize(("name", "text"), [
    ("counters.json", "{"), ("counters.json", "\0"), ("counters.json", "[]"), ("counters.json", '{"1": "x"}'),
    ("counters.json", '{"1": true}'), ("counters.json", "[" * 100_000),
    ("credentials.json", "[]"), ("credentials.json", "[" * 100_000), ("credentials.json", '{"tenant_id": "t"}'),
    ("credentials.json", '{"tenant_id": 1, "tokens": {}, "ports": {}}'),
    ("credentials.json", '{"tenant_id": "t", "tokens": {"a": 1}, "ports": {}}'),
    ("credentials.json", '{"tenant_id": "t", "tokens": [], "ports": {}}'),
    ("credentials.json", '{"tenant_id": "t", "tokens": {}, "ports": {"entra": "x"}}'),
    ("credentials.json", '{"tenant_id": "t", "tokens": {}, "ports": {"entra": 65536}}'),
    ("credentials.json", '{"tenant_id": "t", "tokens": {}, "ports": {"entra": -1}}'), ("clock.json", "[]"),
    ("clock.json", '{"ahead": NaN}'), ("clock.json", '{"ahead": "x"}'),
    ("clock.json", '{"ahead": 1e99}'), ("clock.json", '{"ahead": -1}'),
    ("workspaces/dev/state.sqlite", "no database" * 100),
])
def test_up_tells_which_file_it_cannot_read(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str) -> None:
    (tmp_path / "workspaces" / "dev").mkdir(parents=True)
    (tmp_path / "lock").touch()
    (tmp_path / name).write_text(text)
    assert main(["up", "--state", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"{tmp_path / name}: ")


def test_up_works_again_after_it_was_killed(tmp_path: Path) -> None:
    with up(tmp_path) as (first, before):
        first.kill()
        first.wait()
        with up(tmp_path) as (_, after):
            assert welcome_of(after) == welcome_of(before)
            assert "Set up product repository" not in after


def test_up_says_what_has_moved_since_its_port_is_taken(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = {"azure_devops": other.getsockname()[1]}
        kept = {"tenant_id": "t", "tokens": {}, "ports": taken}
        (tmp_path / "credentials.json").write_text(json.dumps(kept), encoding="utf-8")
        with World(tmp_path) as world:
            line, git_url = "".join(moves(world)), world.organisation.git_url("churn")
    assert line.startswith(f"azure_devops: port {taken['azure_devops']} is taken by another program, so it is at ")
    assert line.endswith(f"in clones with 'git remote set-url origin {git_url}' or the like")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_up_that_is_told_to_end_while_it_starts_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-m", "sandbox", "up", "--state", str(tmp_path)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while not (tmp_path / "lock").exists():
            time.sleep(0.01)
        process.send_signal(number)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "first of all" not in said


def test_reset_is_refused_while_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with up(tmp_path):
        assert main(["reset", "--state", str(tmp_path)]) == 1
    assert "in use by process" in capsys.readouterr().err
    assert list((tmp_path / "git").glob("*.git"))


def test_reset_empties_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with up(tmp_path) as (process, _):
        process.terminate()
        process.wait()
    assert main(["reset", "--state", str(tmp_path)]) == 0
    assert "is empty" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_reset_tells_what_it_cannot_do_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reset", "--state", str(tmp_path / ("x" * 300))]) == 1
    assert capsys.readouterr().err.endswith("; let this user write there\n")


@pytest.mark.parametrize("seconds", ["-1", "nan", "1e9", "x"])
def test_a_start_that_takes_no_sensible_time_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--start-seconds", seconds])
    assert "--start-seconds" in capsys.readouterr().err


def test_up_shows_what_a_client_asked_for_and_the_sandbox_does_not_know(tmp_path: Path) -> None:
    """A7: logged loudly."""
    with up(tmp_path) as (process, _):
        dev = json.loads((tmp_path / "addresses.json").read_text(encoding="utf-8"))["databricks"]["dev"]
        requests.put(f"{dev['host']}/api/2.0/dance", headers={"Authorization": f"Bearer {dev['token']}"}, timeout=30)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert ("databricks/dev: the sandbox does not know 'PUT /api/2.0/dance', which admin@example.test asked for: "
            "answered 404 ENDPOINT_NOT_FOUND") in said


def test_up_lets_in_clients_that_drop_the_port(tmp_path: Path) -> None:
    """A1: it says which hosts they are to be given."""
    with up(tmp_path, "--legacy-clients") as (_, said):
        place = json.loads((tmp_path / "addresses.json").read_text(encoding="utf-8"))["legacy_clients"]
    assert f"Or, with HTTP_PROXY={place['proxy']}" in said
    assert place["hosts_through_proxy"]["prod"] in said
    assert place["hosts"].get("prod", "none on port 80") in said
