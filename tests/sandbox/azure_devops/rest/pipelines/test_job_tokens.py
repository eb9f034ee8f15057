from __future__ import annotations

import subprocess

import pytest

from sandbox.azure_devops.git.git_process import clean_environ
from sandbox.azure_devops.projects.settings import GeneralSettings
from sandbox.azure_devops.security.namespaces import GIT, PROJECT, project_token, repository_token
from tests.sandbox.azure_devops.rest.live_job import LiveJob, at_work
from tests.sandbox.azure_devops.rest.plant import BUILDS, Plant

GIT_REST = "analytics/_apis/git/repositories"
NAMED = "resources: {repositories: [{repository: other, type: git, name: other}]}"


def fetch(job: LiveJob, repository: str) -> tuple[int, str]:
    url = f"{job.plant.office.url}/{repository}"
    header = f"http.extraheader=AUTHORIZATION: bearer {job.token}"
    done = subprocess.run(["git", "-c", header, "ls-remote", url], capture_output=True, text=True, check=False,
                          env=clean_environ())
    return done.returncode, done.stderr


def other(plant: Plant, *, authorised: bool = True, name: str = "other") -> None:
    plant.commit("text", repository=name, path="README.md")
    if authorised:
        plant.office.project.library.authorise(plant.pipeline, plant.office.project.repository_resource(name))


def configure(plant: Plant, *, limited: bool = True, referenced: bool = True) -> None:
    plant.office.project.configure(
        GeneralSettings(enforceJobAuthScope=limited, enforceReferencedRepoScopedToken=referenced))


def error_of(plant: Plant, text: str) -> str:
    plant.commit(text)
    run = plant.run()
    assert run.result is not None
    return run.result.error or ""


def test_a_job_reads_its_own_repository(plant: Plant) -> None:
    with at_work(plant) as job:
        assert job.send("GET", f"{GIT_REST}/churn").status_code == 200
        assert fetch(job, "analytics/_git/churn")[0] == 0


def test_a_job_does_not_reach_a_repository_it_does_not_name(plant: Plant) -> None:
    other(plant)
    with at_work(plant) as job:
        answer = job.send("GET", f"{GIT_REST}/other")
        assert (answer.status_code, answer.text) == (401, "")
        code, told = fetch(job, "analytics/_git/other")
    assert (code, "TF401019: The Git repository with name or identifier other does not exist" in told) == (128, True)


def test_a_job_reaches_a_repository_its_pipeline_names(plant: Plant) -> None:
    other(plant)
    with at_work(plant, NAMED) as job:
        assert job.send("GET", f"{GIT_REST}/other").status_code == 200
        assert fetch(job, "analytics/_git/other")[0] == 0


def test_without_the_protection_a_job_reaches_every_repository_of_its_project(plant: Plant) -> None:
    other(plant, authorised=False)
    configure(plant, referenced=False)
    with at_work(plant) as job:
        assert job.send("GET", f"{GIT_REST}/other").status_code == 200


def test_the_token_ends_with_the_job(plant: Plant) -> None:
    with at_work(plant) as job:
        pass
    assert job.send("GET", GIT_REST).status_code == 401


@pytest.mark.parametrize(("limited", "name"), [
    (True, "analytics Build Service (brickline)"), (False, "Project Collection Build Service (brickline)"),
], ids=["project", "organisation"])
def test_the_setting_decides_whose_token_it_is(plant: Plant, limited: bool, name: str) -> None:
    configure(plant, limited=limited)
    with at_work(plant) as job:
        shown = job.send("GET", "_apis/connectionData").json()["authenticatedUser"]
    assert shown["providerDisplayName"] == name
    assert shown["descriptor"].startswith("Microsoft.TeamFoundation.ServiceIdentity;")


@pytest.mark.parametrize(("limited", "status"), [(True, 403), (False, 200)], ids=["project", "organisation"])
def test_only_the_identity_of_the_organisation_sees_another_project(
        plant: Plant, limited: bool, status: int) -> None:
    plant.office.organisation.create_project("second")
    configure(plant, limited=limited)
    with at_work(plant) as job:
        answer = job.send("GET", "_apis/projects/second")
    assert answer.status_code == status


def test_the_hidden_project_is_named_as_the_service_does(plant: Plant) -> None:
    plant.office.organisation.create_project("second")
    with at_work(plant) as job:
        assert "VS800075" in job.send("GET", "_apis/projects/second").json()["message"]


def test_a_job_may_not_push_before_somebody_grants_it(plant: Plant) -> None:
    with at_work(plant) as job:
        old = plant.office.project.repositories["churn"].refs()["refs/heads/main"]
        change = {"changeType": "add", "item": {"path": "/x"}, "newContent": {"content": "x", "contentType": "rawtext"}}
        push = {"refUpdates": [{"name": "refs/heads/main", "oldObjectId": old}],
                "commits": [{"comment": "x", "changes": [change]}]}
        answer = job.send("POST", f"{GIT_REST}/churn/pushes", json=push)
    assert (answer.status_code, "TF401027" in answer.json()["message"]) == (403, True)


def test_a_job_may_not_queue_runs_before_somebody_grants_it(plant: Plant) -> None:
    with at_work(plant) as job:
        answer = job.send("POST", BUILDS, json={"definition": {"id": plant.pipeline.id}})
        seen = job.send("GET", BUILDS)
    assert (answer.status_code, answer.json()["message"][:64]) == (
        403, "TF215106: Access denied. analytics Build Service (brickline) nee")
    assert [one["id"] for one in seen.json()["value"]] == [1]


def test_a_run_is_stopped_that_names_a_repository_it_may_not_use(plant: Plant) -> None:
    other(plant, authorised=False)
    told = error_of(plant, f"{NAMED}\nsteps: [{{checkout: none}}]")
    assert "Repository analytics/other could not be found. The repository does not exist or has not been auth" in told


def test_a_template_of_such_a_repository_is_not_read(plant: Plant) -> None:
    other(plant, authorised=False)
    plant.commit("steps: [{bash: echo from there}]", repository="other", path="t.yml")
    assert "not been authorized for use" in error_of(plant, f"{NAMED}\nsteps: [{{template: t.yml@other}}]")


def test_an_authorised_repository_is_checked_out(plant: Plant) -> None:
    other(plant)
    plant.commit(f"{NAMED}\nsteps: [{{checkout: other}}, {{bash: cat README.md}}]")
    assert plant.run().outcome == "succeeded"


def test_a_bare_name_never_means_another_project(plant: Plant) -> None:
    second = plant.office.organisation.create_project("second")
    second.create_repository("other")
    configure(plant, limited=False)
    told = error_of(plant, f"{NAMED}\nsteps: [{{checkout: other}}]")
    assert "Repository 'other' does not exist" in told


def test_the_own_project_may_be_written_out(plant: Plant) -> None:
    other(plant)
    text = NAMED.replace("name: other", "name: analytics/other")
    plant.commit(f"{text}\nsteps: [{{checkout: other}}]")
    assert plant.run().outcome == "succeeded"


@pytest.mark.parametrize("granted", [False, True], ids=["hidden", "granted"])
def test_a_repository_of_another_project_needs_a_grant_there(plant: Plant, granted: bool) -> None:
    organisation = plant.office.organisation
    second = organisation.create_project("second")
    second.create_repository("other")
    resource = second.repository_resource("other")
    plant.office.project.library.authorise(plant.pipeline, resource)
    if granted:
        member = organisation.build_identities.of(plant.office.project)
        organisation.access.grant(PROJECT, project_token(second.id), member, allow=PROJECT.bits["GENERIC_READ"])
        organisation.access.grant(GIT, repository_token(second.id), member, allow=GIT.bits["GenericRead"])
    told = error_of(plant, NAMED.replace("name: other", "name: second/other") + "\nsteps: [{checkout: none}]")
    expected = "has no ref" if granted else "could not be retrieved. Verify the name and credentials being used"
    assert expected in told


def test_a_disabled_repository_is_not_there(plant: Plant) -> None:
    other(plant)
    plant.office.project.disable_repository("other")
    assert "could not be retrieved" in error_of(plant, f"{NAMED}\nsteps: [{{checkout: other}}]")
