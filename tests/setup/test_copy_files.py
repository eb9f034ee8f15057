from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from sandbox.http.faults import Fault
from setup.copy_files import step
from setup.lib.copying.shipped_files import REMOTE_FILES, shipped_files
from tests.setup import contents
from tests.setup.bench import RELEASE, SetupBench
from tests.setup.granted import deny, let_copy
from tests.steps.fake_clock import FakeClock

MAIN = "refs/heads/main"
CONFIG = "cluster_and_libraries_config.json"
LISTENER = "pipelines_definitions/pipeline_cluster.yml"
VALUES = {"project": "platform", "cicd_repository": "cicd", "cicd_ref": RELEASE, "default_branch": "main",
          "team": "data_science", "product": "churn"}
SHIPPED = {file.path: file.content for file in shipped_files(VALUES, scaffold=False)}
PUSHES = "*/pushes"


@pytest.fixture
def ready(bench: SetupBench) -> SetupBench:
    """The product `churn` holds a readme, and the set-up's principal may write to it."""
    let_copy(bench)
    bench.repository("churn", {"README.md": b"churn\n"})
    return bench


def product(bench: SetupBench) -> BareRepository:
    return bench.analytics.repositories["churn"]


def files(bench: SetupBench, ref: str = MAIN) -> dict[str, bytes]:
    return contents.files(product(bench), ref)


def record(bench: SetupBench) -> dict[str, Any]:
    path = Path(bench.environ["GENERATED_DIRECTORY"]) / "deployment_record.json"
    last: dict[str, Any] = json.loads(path.read_text())["entries"][-1]
    return last


def test_first_run_adds_every_shipped_file(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    assert files(ready) == SHIPPED | {"README.md": b"churn\n"}


def test_first_run_is_one_push(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    assert [write.rpartition("/")[2] for write in ready.writes()] == ["pushes"]


def test_second_run_sends_no_write_and_says_so(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step) == 0
    ready.organisation.log.clear()
    assert ready.run(step) == 0
    assert ready.writes() == []
    assert f"copy files: {len(SHIPPED)} already there" in capsys.readouterr().out
    assert record(ready)["result"] == "unchanged"


def test_a_dry_run_writes_nothing(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step, DRY_RUN="True") == 0
    assert ready.writes() == []
    assert f"copy files: {len(SHIPPED)} to be created" in capsys.readouterr().out


def test_the_plan_is_shown_before_the_push(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.organisation.faults.add(Fault(PUSHES, "POST", status=503, times=None))
    assert ready.run(step) == 1
    assert f"  create: file {CONFIG}" in capsys.readouterr().out


def test_a_failure_is_on_record_with_the_rows_so_far(ready: SetupBench) -> None:
    ready.repository("churn", {LISTENER: SHIPPED[LISTENER]})
    ready.organisation.faults.add(Fault(PUSHES, "POST", status=503, times=None))
    assert ready.run(step) == 1
    entry = record(ready)
    assert entry["result"].startswith("failed: POST ")
    assert entry["plan"] == [f"already there  file {LISTENER}"]
    assert entry["repository"] == "analytics/churn"


def test_an_empty_repository_gets_a_first_commit(bench: SetupBench) -> None:
    let_copy(bench)
    bench.repository("churn")
    assert bench.run(step) == 0
    assert files(bench) == SHIPPED


def test_a_config_file_that_is_there_stays_as_it_is(ready: SetupBench) -> None:
    ready.repository("churn", {CONFIG: b'{"mine": 1}'})
    assert ready.run(step) == 0
    assert files(ready)[CONFIG] == b'{"mine": 1}'


def test_another_default_branch_is_the_one_that_gets_the_files(bench: SetupBench) -> None:
    let_copy(bench)
    bench.repository("churn", {"a": b"1"}, branch="release/o'brien")
    contents.choose_default_branch(product(bench), "refs/heads/release/o'brien")
    assert bench.run(step) == 0
    assert b"- 'release/o''brien'" in files(bench, "refs/heads/release/o'brien")[LISTENER]


def test_the_commit_starts_no_pipeline_and_names_the_run(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    expected = "Add the files of the pipeline library [skip ci]\n\nRelease v0.1.0, set up by run 17."
    assert contents.message(product(ready)) == expected


def test_an_older_listener_is_shown_and_left(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.repository("churn", {LISTENER: SHIPPED[LISTENER].replace(b"v0.1.0", b"v0.0.9")})
    assert ready.run(step) == 0
    assert b"v0.0.9" in files(ready)[LISTENER]
    log = capsys.readouterr().out
    assert "-      ref: 'refs/tags/v0.0.9'" in log
    assert "choose updatePipelines" in log


def test_a_newer_listener_is_never_taken_back(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.repository("churn", {**SHIPPED, LISTENER: SHIPPED[LISTENER].replace(b"v0.1.0", b"v0.2.0")})
    assert ready.run(step, UPDATE_PIPELINES="True") == 0
    assert "the product is pinned to refs/tags/v0.2.0, which is newer" in capsys.readouterr().out
    assert ready.writes() == []


def test_a_folder_in_place_of_a_file_is_refused_before_any_write(ready: SetupBench,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    ready.repository("churn", {f"{CONFIG}/x": b"1"})
    assert ready.run(step) == 2
    assert f"{CONFIG}: is a folder, expected a file" in capsys.readouterr().out
    assert ready.writes() == []


def test_a_lost_reply_of_the_push_is_read_back(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.organisation.faults.add(Fault(PUSHES, "POST", when="after"))
    assert ready.run(step) == 0
    assert files(ready) == SHIPPED | {"README.md": b"churn\n"}
    assert f"copy files: {len(SHIPPED)} created" in capsys.readouterr().out


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_is_busy_is_asked_again(ready: SetupBench, status: int) -> None:
    ready.organisation.faults.add(Fault(PUSHES, "POST", status=status, headers={"Retry-After": "3"}))
    assert ready.run(step) == 0
    assert files(ready) == SHIPPED | {"README.md": b"churn\n"}


def test_a_service_that_stays_busy_leaves_nothing_half_done(ready: SetupBench) -> None:
    ready.organisation.faults.add(Fault(PUSHES, "POST", status=503, times=None))
    assert ready.run(step) == 1
    ready.organisation.faults.clear()
    assert list(files(ready)) == ["README.md"]
    assert ready.run(step) == 0
    assert set(SHIPPED) <= set(files(ready))


class Meanwhile(FakeClock):
    """While the step waits, `act` happens."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act = act

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.act()


def meanwhile(bench: SetupBench, act: Callable[[], object]) -> None:
    """Let `act` happen between the look at the repository and the push to it."""
    bench.clock = Meanwhile(act)
    bench.organisation.faults.add(Fault(PUSHES, "POST", status=429, headers={"Retry-After": "1"}))


def test_a_file_that_appears_meanwhile_is_not_overwritten(ready: SetupBench,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    meanwhile(ready, lambda: ready.repository("churn", {CONFIG: b'{"mine": 1}'}))
    assert ready.run(step) == 0
    assert files(ready)[CONFIG] == b'{"mine": 1}'
    log = capsys.readouterr().out
    assert "the repository has changed meanwhile" in log
    assert f"copy files: {len(SHIPPED) - 1} created, 1 already there" in log


def test_two_set_up_runs_at_once_make_one_commit(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    other = SetupBench(ready.organisation, ready.server, ready.folder, ready.environ | {"RUN_ID": "18"})
    meanwhile(ready, lambda: other.run(step))
    assert ready.run(step) == 0
    assert contents.git(product(ready), "rev-list", "--count", MAIN).strip() == b"2"
    assert capsys.readouterr().out.endswith(f"copy files: {len(SHIPPED)} already there\n")


def test_two_set_up_runs_at_once_begin_an_empty_repository_once(bench: SetupBench) -> None:
    let_copy(bench)
    bench.repository("churn")
    other = SetupBench(bench.organisation, bench.server, bench.folder, bench.environ | {"RUN_ID": "18"})
    meanwhile(bench, lambda: other.run(step))
    assert bench.run(step) == 0
    assert contents.git(product(bench), "rev-list", "--count", MAIN).strip() == b"1"
    assert files(bench) == SHIPPED


def test_a_repository_that_never_rests_is_given_up_with_an_error(ready: SetupBench,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    stale = (b'{"$id":"1","message":"TF401028: The reference \'refs/heads/main\' has already been updated by another '
             b'client, so you cannot update it. Please try again.","typeKey":"GitReferenceStaleException"}')
    ready.organisation.faults.add(Fault(PUSHES, "POST", status=409, body=stale, times=None,
                                        headers={"Content-Type": "application/json"}))
    assert ready.run(step) == 1
    assert "at the same time; run the pipeline again" in capsys.readouterr().out


def test_the_scaffold_comes_only_when_asked_for(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    assert "Makefile" not in files(ready)
    assert ready.run(step, SCAFFOLD="True") == 0
    assert {"Makefile", "notebooks/train.py"} <= set(files(ready))
    assert files(ready)["README.md"] == b"churn\n"


def test_what_is_copied_is_the_whole_folder() -> None:
    assert len(SHIPPED) == sum(path.is_file() for path in REMOTE_FILES.rglob("*") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("name", ["o'brien & co", 'say "hi"', "naïve-東京", "x" * 200, "50% off #1", "back\\slash"])
def test_a_repository_of_an_odd_name_gets_its_own_files(bench: SetupBench, name: str) -> None:
    let_copy(bench)
    bench.repository("churn", {"README.md": b"churn\n"})
    made = bench.repository(name, {"README.md": b"odd\n"})
    assert bench.run(step, REMOTE_REPO_NAME=name) == 0
    assert set(contents.files(made)) == {*SHIPPED, "README.md"}
    assert list(files(bench)) == ["README.md"]


def test_a_name_that_is_a_macro_counts_as_missing(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step, REMOTE_REPO_NAME="$(remoteRepoName)") == 2
    assert "REMOTE_REPO_NAME: variable 'remoteRepoName' is not defined" in capsys.readouterr().out


def test_a_product_may_lie_in_the_project_of_the_library(bench: SetupBench) -> None:
    let_copy(bench, bench.platform)
    made = bench.repository("churn", project=bench.platform)
    assert bench.run(step, REMOTE_PROJECT=" ") == 0
    assert contents.files(made) == SHIPPED


def test_without_the_right_to_push_nothing_is_written_and_the_permission_is_named(
        ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    deny(ready, GIT, repository_token(ready.analytics.id), "GenericContribute")
    assert ready.run(step) == 1
    assert list(files(ready)) == ["README.md"]
    assert "the permission 'Contribute'" in capsys.readouterr().out


def test_a_disabled_repository_is_refused_before_any_write(ready: SetupBench,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    ready.analytics.disable_repository("churn")
    assert ready.run(step) == 2
    assert "repository analytics/churn: is disabled" in capsys.readouterr().out
    assert ready.writes() == []


@pytest.mark.parametrize("tag", ["v0.0.9", "nightly"], ids=["deleted", "no release"])
def test_a_tag_that_is_no_release_pins_nothing(ready: SetupBench, tag: str,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    cicd = ready.platform.repositories["cicd"]
    contents.git(cicd, "update-ref", "refs/tags/nightly", RELEASE)
    assert ready.run(step, RELEASE_REF=f"refs/tags/{tag}") == 2
    assert f"tag '{tag}' of this run is none of its releases" in capsys.readouterr().out
    assert ready.writes() == []


@pytest.mark.parametrize("name", ["cicd", "CICD"])
def test_this_library_is_no_product_of_its_own(ready: SetupBench, name: str,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    let_copy(ready, ready.platform)
    assert ready.run(step, REMOTE_PROJECT="platform", REMOTE_REPO_NAME=name) == 2
    assert "repository 'cicd': is this library itself" in capsys.readouterr().out
    assert ready.writes() == []


def test_without_a_release_nothing_can_be_pinned(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    contents.git(ready.platform.repositories["cicd"], "update-ref", "-d", RELEASE)
    assert ready.run(step) == 2
    assert "has no tag like 'v1.2.3'" in capsys.readouterr().out
    assert ready.writes() == []
