"""What never reaches an environment: code nobody merged, that fails its own tests, or that holds a secret."""
from __future__ import annotations

import pytest

from tests.acceptance.jobs.deployer import PROMOTED, Deployer

FAILING_TEST = "lint:\n\t@true\ntest:\n\t@echo 1 of 7 tests failed; exit 1\n"
ABSENT = ('{"jobs": [{"notebook": "notebooks/absent.py", "cluster_type": "high_concurrency", "new_cluster": null, '
          '"libraries": null}]}')
SECRET = "token = 'dapi" + "0123456789abcdef" * 2 + "'\n"


@pytest.mark.parametrize(("files", "told"), [
    pytest.param({"Makefile": FAILING_TEST}, "Makefile: 'make test' failed with exit code 2", id="unit test"),
    pytest.param({"settings.py": SECRET}, "settings.py:1: looks like a Databricks personal access token", id="secret"),
    pytest.param({"jobs_config.json": ABSENT}, "jobs_config.json:1: jobs[0].notebook: ", id="configuration"),
])
def test_an_unsound_product_reaches_no_environment(deployer: Deployer, files: dict[str, str], told: str) -> None:
    deployer.commit(files)
    run = deployer.deploy("dev", "test")
    assert run.outcome == "failed"
    assert told in deployer.log()
    assert [name for name in PROMOTED if deployer.world.workspaces[name].log.entries()] == []


def test_a_branch_that_nobody_merged_reaches_no_environment(deployer: Deployer) -> None:
    deployer.team.person.git("push", "-q", "origin", "HEAD")
    run = deployer.deploy("dev", ref="refs/heads/feature/first-model")
    assert run.outcome == "failed"
    assert "refs/heads/feature/first-model: may not be deployed, expected 'refs/heads/main'" in deployer.log()
    assert deployer.world.workspaces["dev"].log.entries() == []


def test_a_release_tag_on_a_commit_that_nobody_merged_reaches_no_environment(deployer: Deployer) -> None:
    deployer.team.person.git("commit", "-q", "--allow-empty", "-m", "Not reviewed")
    deployer.team.person.git("tag", "v1.0.1")
    deployer.team.person.git("push", "-q", "origin", "--tags")
    assert deployer.deploy("dev", ref="refs/tags/v1.0.1").outcome == "failed"
    assert "refs/tags/v1.0.1: its commit" in deployer.log()
    assert deployer.world.workspaces["dev"].log.entries() == []
