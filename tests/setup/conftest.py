from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.http.server import Server
from tests.setup.bench import ROOT, SetupBench, furnished


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[SetupBench]:
    """A live organisation, and the environment of a set-up step for the product `churn` of the team data_science."""
    organisation = furnished(tmp_path / "organisation")
    with Server(organisation.application) as server:
        organisation.address = server.url
        environ = {
            "ORGANIZATION_URL": f"{server.url}/{organisation.names.organisation}", "CICD_PROJECT": "platform",
            "CICD_REPOSITORY": "cicd", "REMOTE_PROJECT": "analytics", "REMOTE_REPO_NAME": "churn",
            "TEAM": "data_science", "TEAMS_DIRECTORY": str(ROOT / "teams"), "RELEASE_REF": "refs/heads/main",
            "GENERATED_DIRECTORY": str(tmp_path / "generated"), "UPDATE_PIPELINES": "False", "SCAFFOLD": "False",
            "DRY_RUN": "False", "RUN_ID": "17", "SOURCE_COMMIT": "0123456789abcdef0123456789abcdef01234567",
            "REQUESTED_FOR": "admin@example.com", "AZURE_DEVOPS_EXT_PAT": "principals-token",
        }
        yield SetupBench(organisation, server, tmp_path, environ)
        organisation.close()
