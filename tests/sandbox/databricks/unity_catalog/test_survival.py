"""What is in Unity Catalog is there again after a restart."""
from __future__ import annotations

from pathlib import Path

from tests.sandbox.databricks.mlflow.test_survival import restart, start
from tests.sandbox.databricks.unity_catalog.conftest import add_version, mlflow, told, unity


def test_unity_catalog_is_read_again(tmp_path: Path) -> None:
    client = start(tmp_path)
    told(unity(client, "POST", "schemas", catalog_name="main", name="team"))
    told(unity(client, "POST", "models", catalog_name="main", schema_name="team", name="churn", comment="c"))
    name = "main.team.churn"
    told(mlflow(client, "registered-models/alias", name=name, alias="champion", version=add_version(client, name)))
    told(unity(client, "PATCH", f"permissions/function/{name}", changes=[{"principal": "users", "add": ["EXECUTE"]}]))
    paths = ["catalogs", "schemas/main.team", f"models/{name}", f"models/{name}/versions",
             f"models/{name}/aliases/champion", f"permissions/function/{name}"]
    before = [told(unity(client, "GET", path)) for path in paths]
    client = restart(client, tmp_path)
    assert [told(unity(client, "GET", path)) for path in paths] == before
