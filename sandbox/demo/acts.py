"""The acts of the story. The first line of each docstring is what the audience is told."""
from __future__ import annotations

from sandbox.demo.clone import CONFIG
from sandbox.demo.stage import BRANCH, Stage, expect
from sandbox.display.workspace_view import workers
from sandbox.world.administration import SET_UP_PIPELINE
from sandbox.world.furnish import LISTENER, PRODUCT, TEAM
from sandbox.world.people import ANNA, BEN
from sandbox.world.project_files import release_tag

WIDE = 4


def an_empty_repository_is_set_up(stage: Stage) -> None:
    """A platform engineer runs the set-up pipeline for an empty repository"""
    chosen = {"remoteRepoName": PRODUCT, "team": TEAM}
    stage.show(f"In Azure DevOps: Pipelines > {SET_UP_PIPELINE} > Run pipeline, with "
               f"{', '.join(f'{name} = {value}' for name, value in chosen.items())}.")
    stage.show("")
    run = stage.organisation.start(SET_UP_PIPELINE, chosen)
    stage.await_runs()
    result = stage.organisation.result(run)
    expect(result == "succeeded", f"expected the set-up to succeed, it {result}")
    pipelines = stage.organisation.pipelines(PRODUCT)
    expect(sorted(pipelines) == [f"{PRODUCT}-cluster", f"{PRODUCT}-jobs"],
           f"expected a cluster and a jobs pipeline, found {sorted(pipelines)}")
    guards = stage.organisation.environments(f"{PRODUCT}-").get(f"{PRODUCT}-prod", [])
    expect("approval" in guards, f"expected an approval on {PRODUCT}-prod, found {guards}")
    for line in [*stage.organisation.page_of(PRODUCT), ""]:
        stage.show(line)


def anna_clones_it(stage: Stage) -> None:
    """Anna clones the repository, and finds all she needs"""
    stage.open_clone()
    files = stage.clone.git("ls-files").split()
    expect(CONFIG in files, f"expected {CONFIG} in the product repository, found {files}")
    for path in files:
        stage.show(f"    {path}")
    stage.show(f"Her pipeline {PRODUCT}-cluster starts when a push changes {CONFIG} on a branch. The file "
               f"{LISTENER} says so, and takes everything else from the library at {release_tag()}.")
    stage.show("")


def a_push_becomes_a_cluster(stage: Stage) -> None:
    """Anna asks for a cluster on a branch of her own, and pushes"""
    stage.clone.git("checkout", "--quiet", "-b", BRANCH)
    config = stage.clone.config()
    config["cluster_parameters"]["autotermination_minutes"] = 45
    config["access_control_list"] = [ANNA.email]
    config["libraries"]["pypi"] = ["pandas==2.2.3", "lightgbm==4.5.0"]
    stage.edit(config)
    stage.push_expecting("succeeded", "Ask for a cluster")
    expect(stage.cluster()["state"] == "RUNNING", f"expected a running cluster, it is {stage.cluster()['state']}")
    states = stage.library_states()
    for package in ("pandas", "lightgbm"):
        expect(states.get(package) == "INSTALLED", f"expected {package} to be installed, it is {states.get(package)}")
    stage.show_workspace()


def a_second_push_edits_it(stage: Stage) -> None:
    """Anna wants up to 7 workers, swaps one library for another, and lets Ben in"""
    before = stage.cluster()["cluster_id"]
    config = stage.clone.config()
    config["cluster_parameters"]["autoscale"]["max_workers"] = 7
    config["libraries"]["pypi"] = ["pandas==2.2.3", "xgboost==2.1.3"]
    config["access_control_list"].append(BEN.email)
    stage.edit(config)
    stage.push_expecting("succeeded", "More workers, another library, Ben")
    cluster, states = stage.cluster(), stage.library_states()
    expect(cluster["cluster_id"] == before, "expected the same cluster, there is another one")
    expect(workers(cluster) == "1 to 7", f"expected 1 to 7 workers, it has {workers(cluster)}")
    expect(states.get("xgboost") == "INSTALLED", f"expected xgboost to be installed, it is {states.get('xgboost')}")
    _expect_waiting_removal(states.get("lightgbm"))
    people = [entry.get("user_name") for entry in stage.view.permissions(before)]
    expect(BEN.email in people, f"expected {BEN.email} to have a permission on the cluster")
    stage.show_workspace()


def what_changes_nothing_writes_nothing(stage: Stage) -> None:
    """A changed notebook starts no run; a reformatted config starts one that changes nothing"""
    stage.forget_requests()
    notebook = next((stage.clone.folder / "notebooks").glob("*.py"))
    with notebook.open("a", encoding="utf-8") as file:
        file.write("\n# COMMAND ----------\n\nprint('one more cell')\n")
    stage.show(f"Anna adds a cell to notebooks/{notebook.name}.")
    stage.show("")
    runs = stage.push("Change a notebook")
    expect(runs == [], f"expected no run for a changed notebook, {len(runs)} started")
    stage.show("")
    stage.clone.write_config(stage.clone.config(), indent=WIDE)
    stage.show(f"Anna indents {CONFIG} by {WIDE} spaces in place of 2, and changes nothing else.")
    stage.show("")
    stage.push_expecting("succeeded", "Reformat the configuration")
    expect(stage.writes() == [], f"expected no write to the workspace, there were {stage.writes()}")
    stage.show("The workspace was only read: no request changed anything.")
    stage.show("")


def mistakes_are_all_shown_at_once(stage: Stage) -> None:
    """Anna makes four mistakes of different kinds in one push"""
    stage.forget_requests()
    before = stage.cluster()
    config = stage.clone.config()
    config["cluster_parameters"]["spark_versoin"] = "16.4"
    config["cluster_parameters"]["custom_tags"]["department"] = "sales"
    config["libraries"]["pypi"].append("pandas==1.5.3")
    config["access_control_list"].append("ben(at)example.com")
    stage.edit(config, indent=WIDE)
    run = stage.push_expecting("failed", "Four mistakes")
    steps = [(step.name, step.result) for step in run.result.steps] if run.result else []
    expect(("Validate configuration", "failed") in steps, f"expected 'Validate configuration' to fail, got {steps}")
    log = (run.folder / "log.txt").read_text(encoding="utf-8")
    for mistake in ("spark_versoin", "department", "pandas", "ben(at)example.com"):
        shown = any(f"{CONFIG}:" in line and mistake in line for line in log.splitlines())
        expect(shown, f"expected the log to show the mistake in {mistake!r} with file and line")
    expect(stage.writes() == [], f"expected the cluster to be untouched, there were {stage.writes()}")
    expect(stage.cluster() == before, "expected the cluster to be untouched, it differs")
    stage.show("The workspace was only read: the cluster is as it was.")
    stage.show("")


def _expect_waiting_removal(status: str | None) -> None:
    allowed = {"UNINSTALL_ON_RESTART", None}
    expect(status in allowed, f"expected lightgbm to be removed, or to wait for a restart; it is {status}")


ACTS = (
    an_empty_repository_is_set_up,
    anna_clones_it,
    a_push_becomes_a_cluster,
    a_second_push_edits_it,
    what_changes_nothing_writes_nothing,
    mistakes_are_all_shown_at_once,
)
