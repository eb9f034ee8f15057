"""The administrators of the sandbox and `bootstrap` agree about what an organization needs."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.world.administration import CICD
from sandbox.world.people import PLATFORM
from sandbox.world.world import World
from setup import bootstrap


def bootstrapped(world: World, folder: Path, flag: str) -> int:
    project = world.organisation.home.name
    file = folder / "bootstrap.json"
    file.write_text(json.dumps({
        "organization_url": world.organisation.collection_uri.rstrip("/"),
        "cicd": {"project": project, "repository": CICD}, "projects": [project],
        "entra_tenant_id": world.tenant.tenant_id,
        "credentials": {name: {"client_id": one.client_id} for name, one in world.principals.items()}}))
    token = world.credentials.token(f"azure_devops/{PLATFORM.email}")
    return bootstrap.main([flag, str(file)], {"AZURE_DEVOPS_EXT_PAT": token})


@pytest.mark.parametrize("flag", ["--plan", "--apply"])
def test_bootstrap_has_nothing_to_do_in_a_furnished_organization(
        world: World, tmp_path: Path, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    world.organisation.log.clear()
    assert bootstrapped(world, tmp_path, flag) == 0
    out = capsys.readouterr().out
    assert "to do:" not in out, out
    assert [one for one in world.organisation.log.entries() if one.method not in ("GET", "OPTIONS")] == []
