from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steps.generate_libraries import step
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped

JOBS = "jobs_config.json"
TEAM = {"pypi": {"package": "mlflow-skinny==2.22.0"}}
BOTH = [TEAM, {"pypi": {"package": "pandas==2.2.3"}}]


@pytest.fixture
def product(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    folder = shipped(tmp_path, capsys)
    folder.environ.update(PIPELINE_TYPE="jobs", TARGET_ENVIRONMENT="dev")
    return folder


def job(name: str, libraries: Any, **fields: Any) -> dict[str, Any]:
    return {"notebook": "a.py", "name": name, "cluster_type": "jobs", "new_cluster": "default", "libraries": libraries,
            **fields}


def test_the_shared_cluster_gets_what_the_cluster_file_and_the_team_say(product: ProductFolder) -> None:
    assert product.run(step) == (0, [])
    assert product.generated("libraries.json") == {"libraries": BOTH}


def test_each_job_gets_what_it_asks_for(product: ProductFolder) -> None:
    product.write(JOBS, {"jobs": [job("a", "default"), job("b", "none"), job("c", {"jar": ["/c.jar"]})]})
    assert product.run(step) == (0, [])
    assert product.generated("job_libraries.json") == {"default": BOTH, "jobs": {
        "dev-churn-a-b": [], "dev-churn-a-c": [TEAM, {"jar": "/c.jar"}]}}


def test_no_job_on_the_shared_cluster_leaves_no_file_of_its_libraries(product: ProductFolder) -> None:
    product.run(step)
    product.write(JOBS, {"jobs": [job("b", "none")]})
    assert product.run(step) == (0, [])
    assert [path.name for path in (product.root / "generated").iterdir()] == ["job_libraries.json"]
    assert product.generated("job_libraries.json") == {"default": None, "jobs": {"dev-churn-a-b": []}}


def test_differences_of_the_environment_count(product: ProductFolder) -> None:
    product.write(JOBS, {"jobs": [job("b", "default", environments={"dev": {"libraries": "none"}})]})
    product.run(step)
    assert product.generated("job_libraries.json")["jobs"] == {"dev-churn-a-b": []}
    product.run(step, TARGET_ENVIRONMENT="test")
    assert product.generated("job_libraries.json") == {"default": BOTH, "jobs": {}}


def test_the_log_says_who_asked_for_each(product: ProductFolder) -> None:
    product.write(JOBS, {"jobs": [job("b", "none"), job("c", {"jar": ["/c.jar"]})]})
    product.run(step)
    assert product.lines == [
        "##[group]libraries of dev-churn-a-b", "none", "##[endgroup]", "##[group]libraries of dev-churn-a-c",
        "pypi  mlflow-skinny==2.22.0  teams/data_science/libraries.json:3",
        "jar   /c.jar                 jobs_config.json:17", "##[endgroup]",
        "wrote job_libraries.json with libraries of their own for 2 jobs"]


def test_conflicts_of_all_jobs_are_told_once_and_write_nothing(product: ProductFolder) -> None:
    product.write(JOBS, {"jobs": [job("a", "default"), job("b", {"pypi": ["mlflow-skinny==1"]})]})
    product.change(PRODUCT, libraries={"pypi": ["mlflow-skinny==2"]})
    code, errors = product.run(step)
    assert (code, [error.partition(":")[0] for error in errors]) == (2, [PRODUCT, JOBS])
    assert not (product.root / "generated").exists()
