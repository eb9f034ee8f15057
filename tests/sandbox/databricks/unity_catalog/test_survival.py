"""What is in Unity Catalog is there again after a restart."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.sandbox.databricks.conftest import Client, Reply
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


_CHANGES: list[Callable[[Client, str], Reply]] = [
    lambda client, name: mlflow(client, "registered-models/update", "PATCH", name=name, description="new"),
    lambda client, name: mlflow(client, "registered-models/set-tag", name=name, key="b", value="2"),
    lambda client, name: mlflow(client, "registered-models/delete-tag", "DELETE", name=name, key="a"),
    lambda client, name: mlflow(client, "registered-models/alias", name=name, alias="second", version="1"),
    lambda client, name: mlflow(client, "registered-models/alias", "DELETE", name=name, alias="first"),
    lambda client, name: unity(client, "PATCH", f"models/{name}", comment="new"),
    lambda client, name: unity(client, "PATCH", f"models/{name}", new_name=f"{name.rpartition('.')[2]}_renamed"),
    lambda client, name: unity(client, "PATCH", f"models/{name}", owner="users"),
    lambda client, name: unity(client, "PUT", f"models/{name}/aliases/second", version_num=1),
    lambda client, name: unity(client, "DELETE", f"models/{name}/aliases/first"),
    lambda client, name: unity(client, "DELETE", f"models/{name}/versions/1"),
    lambda client, name: unity(client, "DELETE", f"models/{name}"),
    lambda client, name: unity(client, "PATCH", f"models/{name}/versions/1", comment="new"),
    lambda client, name: mlflow(client, "model-versions/update", "PATCH", name=name, version="1", description="new"),
    lambda client, name: mlflow(client, "model-versions/set-tag", name=name, version="1", key="b", value="2"),
    lambda client, name: mlflow(client, "model-versions/delete-tag", "DELETE", name=name, version="1", key="a"),
    lambda client, name: mlflow(client, "model-versions/create", name=name, source="dbfs:/y"),
    lambda client, name: mlflow(client, "model-versions/finalize", name=name, version="1"),
]


def _described(client: Client) -> list[Any]:
    return [told(reply) for reply in (
        unity(client, "GET", "models"), mlflow(client, "registered-models/search", "GET"),
        mlflow(client, "model-versions/search", "GET"))]


def test_every_change_is_kept(tmp_path: Path) -> None:
    client = start(tmp_path)
    tags = [{"key": "a", "value": "1"}]
    for number, change in enumerate(_CHANGES):
        name = f"main.default.m{number}"
        told(mlflow(client, "registered-models/create", name=name, tags=tags))
        told(mlflow(client, "model-versions/create", name=name, source="dbfs:/x", tags=tags))
        told(mlflow(client, "registered-models/alias", name=name, alias="first", version="1"))
        told(change(client, name))
    before = _described(client)
    client = restart(client, tmp_path)
    assert _described(client) == before


def test_place_that_was_deleted_stays_away(tmp_path: Path) -> None:
    client = start(tmp_path)
    told(unity(client, "DELETE", "schemas/main.default"))
    client = restart(client, tmp_path)
    assert unity(client, "GET", "schemas/main.default").status == 404


def test_number_of_a_version_is_not_given_again(tmp_path: Path) -> None:
    client, name = start(tmp_path), "main.default.churn"
    told(mlflow(client, "registered-models/create", name=name))
    told(mlflow(client, "model-versions/create", name=name, source="dbfs:/x"))
    assert add_version(restart(client, tmp_path), name) == "2"
