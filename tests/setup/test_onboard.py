"""`onboard` against a live organisation: many repositories, side by side."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.http.faults import Fault
from setup import onboard
from setup.lib.bulk.one_at_a_time import held
from tests.setup.bench import SetupBench

NAMES = ("alpha", "beta", "gamma")
CICD = ("platform", "cicd")


@pytest.fixture
def ready(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> SetupBench:
    """Three empty repositories, and everything an administrator gives."""
    for name in NAMES:
        bench.repository(name)
    assert bench.bootstrap() == 0
    bench.organisation.log.clear()
    capsys.readouterr()
    return bench


def onboarded(bench: SetupBench, *repositories: Any, parallel: int = 3, cicd: tuple[str, str] = CICD) -> int:
    """The exit code of `python -m setup.onboard`; `cicd` is the project and the repository of this library."""
    file = bench.folder / "onboard.json"
    file.write_text(json.dumps({
        "organization_url": bench.url, "cicd": dict(zip(("project", "repository"), cicd, strict=True)),
        "defaults": {"project": "analytics", "team": "data_science"}, "repositories": repositories or NAMES}, indent=1))
    environ = {"AZURE_DEVOPS_EXT_PAT": "principals-token"}
    return onboard.main(["--repositories", str(file), "--parallel", str(parallel)], environ)


def pipelines(bench: SetupBench) -> list[str]:
    return sorted(one.name for one in bench.analytics.library.pipelines if one.repository in NAMES)


ALL = sorted(f"{name}-{kind}" for name in NAMES for kind in ("cluster", "jobs"))


def test_every_repository_is_set_up(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready) == 0
    assert pipelines(ready) == ALL
    assert all("refs/heads/main" in ready.analytics.repositories[name].refs() for name in NAMES)
    out = capsys.readouterr()
    assert "3 done, 0 failed" in out.out
    assert "3 of 3" in out.err


def test_no_plan_and_no_token_is_printed(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready) == 0
    out = capsys.readouterr().out
    assert "principals-token" not in out
    assert "create:" not in out
    assert "##" not in out


def test_second_run_goes_on_where_the_first_ended(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready, "alpha") == 0
    ready.organisation.log.clear()
    assert onboarded(ready) == 0
    assert "3 repositories, of which 1 are done already" in capsys.readouterr().out
    assert not any("alpha" in call for call in ready.writes())
    assert pipelines(ready) == ALL


def test_one_that_fails_does_not_stop_the_others(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready, "alpha", "nowhere", "gamma") == 1
    out = capsys.readouterr()
    assert "2 done, 1 failed" in out.out
    assert "'nowhere'" in next(line for line in out.out.splitlines() if line.startswith("failed"))
    ready.repository("nowhere")
    assert onboarded(ready, "alpha", "nowhere", "gamma") == 0


@pytest.mark.parametrize("after", [0, 10, 25, 40], ids=lambda after: f"after {after} requests")
def test_throttling_in_the_middle_is_waited_out_or_finished_by_the_next_run(ready: SetupBench, after: int) -> None:
    faults = ready.organisation.faults
    for _ in range(after):
        faults.add(Fault("*", when="late"))
    faults.add(Fault("*", status=429, headers={"Retry-After": "0"}, body=b"TF400733", times=3))
    onboarded(ready)
    assert onboarded(ready) == 0
    assert pipelines(ready) == ALL
    assert len(ready.analytics.library.environments) == 9


def test_an_outage_in_the_middle_leaves_nothing_that_the_next_run_does_not_finish(ready: SetupBench) -> None:
    ready.organisation.faults.add(Fault("*/pipelines/*", method="PATCH", status=503, times=4))
    onboarded(ready)
    ready.organisation.faults.clear()
    assert onboarded(ready) == 0
    assert pipelines(ready) == ALL


def test_wrong_inputs_are_all_named_before_anything_is_asked(
        ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready, "alpha", "ALPHA", {"name": "beta", "team": "x"}) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert ready.requests() == 0


@pytest.mark.parametrize(("cicd", "said"), [
    (("platform", "ci-cd"), ":5: cicd.repository: repository 'ci-cd': {}a repository of project 'platform'{}'cicd'?"),
    (("plattform", "cicd"), ":4: cicd.project: project 'plattform': {}a project of the organization{}'platform'?"),
], ids=["repository", "project"])
def test_a_wrong_library_is_named_where_it_is_written_before_any_write(
        ready: SetupBench, cicd: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready, cicd=cicd) == 2
    words = said.format("not found, or hidden from this identity, expected ", "; did you mean ")
    assert capsys.readouterr().err.splitlines() == [f"error: onboard.json{words}"]
    assert ready.writes() == []


def test_a_disabled_library_is_told_as_such(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.platform.disable_repository("cicd")
    assert onboarded(ready) == 2
    assert "repository platform/cicd: is disabled; enable it in Project settings" in capsys.readouterr().err


def test_a_wrong_product_is_named_where_it_is_written(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboarded(ready, "nowhere", {"name": "alpha", "project": "analitics"}) == 1
    out = capsys.readouterr().out
    assert "onboard.json:12: repositories[0]: repository 'nowhere': not found" in out
    assert "onboard.json:15: repositories[1].project: project 'analitics': not found" in out


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert onboard.main(["--repositories", str(tmp_path / "none.json")], {}) == 2
    assert "none.json" in capsys.readouterr().err


def test_two_at_once_on_one_file_are_refused(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    with held(ready.folder / "onboard.progress.json"):
        assert onboarded(ready) == 2
    assert "expected one at a time" in capsys.readouterr().err
    assert ready.requests() == 0


def test_every_finding_about_a_repository_stands_in_its_row(
        ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.repository("other", {"ci.yml": b"steps: []\n"})
    for kind in ("cluster", "jobs"):
        ready.analytics.library.put_pipeline(Pipeline(0, f"alpha-{kind}", "other", "ci.yml"))
    assert onboarded(ready, "alpha") == 1
    [row] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("failed")]
    assert "'alpha-cluster'" in row
    assert "'alpha-jobs'" in row
