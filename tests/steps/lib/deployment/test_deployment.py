from __future__ import annotations

import pytest

from steps.lib.deployment.approved_plans import StalePlanError
from steps.lib.deployment.deployment import Deployment
from steps.lib.errors import InputError
from steps.lib.settings import Reader
from steps.lib.wording import counted
from tests.steps.bench import Bench


@pytest.fixture
def deployment(bench: Bench) -> Deployment:
    bench.generated.mkdir()
    return Deployment.read(Reader(bench.environ))


def test_everything_is_read_from_the_environment(bench: Bench, deployment: Deployment) -> None:
    assert deployment.workspace.host == bench.server.url
    assert deployment.workspace.entra_authority == bench.entra.url
    assert (deployment.generated, deployment.dry_run, deployment.origin.run_id) == (bench.generated, False, "17")


def test_a_run_that_nobody_asked_for_is_taken(bench: Bench) -> None:
    environ = {**bench.environ, "REQUESTED_FOR": ""}
    assert Deployment.read(Reader(environ)).origin.requested_for == ""


def test_a_generated_object_is_read(deployment: Deployment) -> None:
    (deployment.generated / "libraries.json").write_text('{"libraries": []}')
    assert deployment.generated_file("libraries.json") == {"libraries": []}


@pytest.mark.parametrize(("content", "problem"), [
    pytest.param("{", "is no JSON", id="broken"),
    pytest.param("[]", "is no JSON object", id="list"),
    pytest.param("\udcff", "is no JSON", id="not UTF-8"),
])
def test_an_unusable_generated_file_names_the_step_that_writes_it(deployment: Deployment, content: str,
                                                                 problem: str) -> None:
    (deployment.generated / "libraries.json").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=rf"^generated/libraries\.json: {problem}.*run generate_libraries before"):
        deployment.generated_file("libraries.json")


def test_a_dry_run_tells_later_steps_how_many_changes_wait(deployment: Deployment,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    assert deployment.planned(2) == "planned: 2 changes to make"
    assert deployment.planned(0) == "unchanged"
    assert capsys.readouterr().out.startswith("##vso[task.setvariable variable=changes;isOutput=true]2\n")


@pytest.mark.parametrize(("count", "text"), [(0, "0 libraries"), (1, "1 library"), (2, "2 libraries")])
def test_counts_are_worded(count: int, text: str) -> None:
    assert counted(count, "library", "libraries") == text


def test_a_dry_run_keeps_its_plan_and_an_approval_demands_the_same(bench: Bench) -> None:
    planned = Deployment.read(Reader({**bench.environ, "DRY_RUN": "true"}))
    with planned.record(bench.clock).entry("a_step", "https://h.test", ["create: x"]):
        pass
    approved = {**bench.environ, "APPROVED_PLANS_DIRECTORY": str(bench.generated / "plans")}
    record = Deployment.read(Reader(approved)).record(bench.clock)
    with record.entry("a_step", "https://h.test", ["create: x"]) as entry:
        entry.result = "applied"
    with pytest.raises(StalePlanError), record.entry("a_step", "https://h.test", ["create: y"]):
        pytest.fail("a stale plan was applied")


def test_a_plan_that_is_only_verified_leaves_nothing_on_record(bench: Bench) -> None:
    dry = {**bench.environ, "DRY_RUN": "true"}
    for environ in (dry, {**dry, "APPROVED_PLANS_DIRECTORY": str(bench.generated / "plans")}):
        with Deployment.read(Reader(environ)).record(bench.clock).entry("a_step", "https://h.test", ["create: x"]):
            pass
    assert [entry["step"] for entry in bench.record()] == ["a_step"]


def test_the_summary_page_names_the_environment(bench: Bench, deployment: Deployment) -> None:
    with deployment.record(bench.clock).entry("a_step", "https://h.test", []):
        pass
    assert (bench.generated / "summary/a_step.md").read_text().startswith("### A step in local\n")
