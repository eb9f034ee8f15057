"""The library lies in one project, the product in another, which an administrator readies with `bootstrap`."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security.defaults import ADMINISTRATORS, CONTRIBUTORS
from sandbox.world.administration import CICD
from sandbox.world.people import ANNA, PLATFORM
from sandbox.world.world import World
from setup import bootstrap
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.product import expect_complete
from tests.acceptance.team import BRANCH, Team

PRODUCT = "forecast"


@pytest.fixture
def research(world: World) -> Project:
    """A second project with an empty repository; Anna works in it."""
    organisation = world.organisation
    project = organisation.create_project("research")
    for identity, role in ((PLATFORM, ADMINISTRATORS), (ANNA, CONTRIBUTORS)):
        group = organisation.directory.find(f"[research]\\{role}")
        assert group is not None
        organisation.directory.join(organisation.directory.of(identity), group)
    project.create_repository(PRODUCT)
    return project


def ready(world: World, folder: Path) -> None:
    """What an administrator runs once, for both projects."""
    file = folder / "bootstrap.json"
    home = world.organisation.home.name
    file.write_text(json.dumps({
        "organization_url": world.organisation.collection_uri.rstrip("/"),
        "cicd": {"project": home, "repository": CICD}, "projects": [home, "research"],
        "entra_tenant_id": world.tenant.tenant_id,
        "credentials": {name: {"client_id": one.client_id} for name, one in world.principals.items()}}))
    secrets = {f"BRICKLINE_{name.upper()}_CLIENT_SECRET": one.client_secret for name, one in world.principals.items()}
    token = world.credentials.token(f"azure_devops/{PLATFORM.email}")
    assert bootstrap.main(["--apply", str(file)], {"AZURE_DEVOPS_EXT_PAT": token, **secrets}) == 0


def test_a_product_of_another_project_gets_its_cluster(
        world: World, research: Project, recorder: Recorder, tmp_path: Path) -> None:
    ready(world, tmp_path)
    engineer = Engineer(world, "research")
    made = engineer.set_up(PRODUCT, remoteProject="research")
    assert made.outcome == "succeeded", made.errors
    expect_complete(engineer, PRODUCT)
    team = Team(world, recorder, tmp_path, product=PRODUCT, project=research)
    team.switch(BRANCH)
    # The identity of the project's runs is there only after the first of them; nobody can let it in before.
    assert team.only_run().outcome == "failed"
    ready(world, tmp_path)
    assert team.run_by_hand().outcome == "succeeded"
    assert f"local-{PRODUCT}-" in team.cluster()
