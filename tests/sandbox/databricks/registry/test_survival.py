"""Models and versions are there again after a restart."""
from __future__ import annotations

from pathlib import Path

from tests.sandbox.databricks.mlflow.test_survival import restart, start
from tests.sandbox.databricks.registry.conftest import add_version, done


def test_the_registry_is_read_again(tmp_path: Path) -> None:
    client = start(tmp_path)
    done(client, "registered-models/create", name="churn", description="d", tags=[{"key": "a", "value": "1"}])
    for _ in range(2):
        add_version(client, run_id="r")
    done(client, "databricks/model-versions/transition-stage", name="churn", version="1", stage="Production",
         archive_existing_versions=False)
    done(client, "registered-models/alias", name="churn", alias="champion", version="2")
    done(client, "transition-requests/create", name="churn", version="2", stage="Staging")
    reads = [("databricks/registered-models/get", {"name": "churn"}),
             ("model-versions/search", {"filter": "run_id = 'r'"}),
             ("registered-models/alias", {"name": "churn", "alias": "champion"}),
             ("transition-requests/list", {"name": "churn", "version": "2"})]
    before = [done(client, path, "GET", **query) for path, query in reads]
    client = restart(client, tmp_path)
    assert [done(client, path, "GET", **query) for path, query in reads] == before
    assert add_version(client) == "3"
