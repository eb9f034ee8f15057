from __future__ import annotations

import io
import zipfile

import pytest

from tests.sandbox.azure_devops.rest.plant import BUILDS, Plant

PUBLISH = """
    steps:
    - checkout: none
    - bash: 'mkdir -p a/b && echo one > a/b/one.txt'
      workingDirectory: $(Pipeline.Workspace)
    - {publish: $(Pipeline.Workspace)/a, artifact: generated & more}
    """


@pytest.fixture
def ran(plant: Plant) -> Plant:
    plant.commit(PUBLISH)
    plant.run()
    return plant


def test_client_lists_artifacts_with_their_sizes(ran: Plant) -> None:
    [artifact] = ran.office.client("build").get_artifacts("analytics", 1)
    assert (artifact.name, artifact.resource.type) == ("generated & more", "PipelineArtifact")
    assert artifact.resource.properties["artifactsize"] == "4"


def test_client_downloads_an_artifact_as_a_zip_file(ran: Plant) -> None:
    content = b"".join(ran.office.client("build").get_artifact_content_zip("analytics", 1, "generated & more"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"generated & more/b/one.txt": b"one\n"}


def test_the_download_address_of_an_artifact_works(ran: Plant) -> None:
    url = ran.office.client("build").get_artifact("analytics", 1, "generated & more").resource.download_url
    answer = ran.office.send("GET", url.removeprefix(f"{ran.office.url}/"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")


def test_an_unknown_artifact_is_404(ran: Plant) -> None:
    answer = ran.office.send("GET", f"{BUILDS}/1/artifacts", params={"artifactName": "../log.txt"})
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "ArtifactNotFoundException")


def test_a_run_without_artifacts_has_an_empty_list(plant: Plant) -> None:
    plant.run()
    assert plant.office.send("GET", f"{BUILDS}/1/artifacts").json() == {"count": 0, "value": []}
