"""Sets a product repository of a world up as the set-up pipeline does: with its steps, but in this process."""
from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path

from sandbox.world.administration import CICD
from sandbox.world.furnish import PRODUCT, TEAM
from sandbox.world.world import World
from setup import copy_files, create_pipelines
from steps.lib import agent

ROOT = Path(__file__).parents[1]


def set_up_environ(world: World, repository: str = PRODUCT, **changed: str) -> dict[str, str]:
    """What the set-up pipeline gives its steps, which act as the set-up principal."""
    project, principal = world.organisation.home.name, world.principals["setup"]
    return {
        "ORGANIZATION_URL": world.organisation.collection_uri, "CICD_PROJECT": project, "CICD_REPOSITORY": CICD,
        "REMOTE_PROJECT": project, "REMOTE_REPO_NAME": repository, "TEAM": TEAM, "TEAMS_DIRECTORY": str(ROOT / "teams"),
        "RELEASE_REF": "refs/heads/main", "GENERATED_DIRECTORY": str(world.state.folder / "generated"),
        "UPDATE_PIPELINES": "False", "SCAFFOLD": "False", "DRY_RUN": "False", "RUN_ID": "1", "SOURCE_COMMIT": "0" * 40,
        "REQUESTED_FOR": "platform@example.com", "ENTRA_TENANT_ID": world.tenant.tenant_id,
        "ENTRA_CLIENT_ID": principal.client_id, "ENTRA_CLIENT_SECRET": principal.client_secret,
        "ENTRA_AUTHORITY": world.authority, "REQUESTS_CA_BUNDLE": str(world.tls.ca_file), **changed}


def set_up(world: World, repository: str = PRODUCT, **changed: str) -> None:
    """Fails with what the steps printed where one of them does not end well."""
    environ: Mapping[str, str] = set_up_environ(world, repository, **changed)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        codes = [agent.run(step, environ) for step in (copy_files.step, create_pipelines.step)]
    assert codes == [0, 0], printed.getvalue()
