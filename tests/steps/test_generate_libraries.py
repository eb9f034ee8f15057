from __future__ import annotations

from pathlib import Path

import pytest

from steps.generate_libraries import step
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped


@pytest.fixture
def product(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    return shipped(tmp_path, capsys)


def test_requested_and_team_libraries_are_written_as_the_api_takes_them(product: ProductFolder) -> None:
    product.change(PRODUCT, libraries={"maven": ["g:a:1"], "pypi": ["pandas==2.2.3"], "jar": ["/a.jar"]})
    assert product.run(step) == (0, [])
    assert product.generated("libraries.json") == {"libraries": [
        {"pypi": {"package": "mlflow-skinny==2.22.0"}}, {"maven": {"coordinates": "g:a:1"}},
        {"pypi": {"package": "pandas==2.2.3"}}, {"jar": "/a.jar"}]}


def test_a_product_without_libraries_gets_the_teams(product: ProductFolder) -> None:
    product.change(PRODUCT, libraries={})
    assert product.run(step) == (0, [])
    assert product.generated("libraries.json") == {"libraries": [{"pypi": {"package": "mlflow-skinny==2.22.0"}}]}


def test_the_log_says_who_asked_for_each(product: ProductFolder) -> None:
    product.run(step)
    assert product.lines[0] == "pypi  mlflow-skinny==2.22.0  teams/data_science/libraries.json:3"
    assert product.lines[-1].endswith("libraries.json with 2 libraries")


def test_a_second_run_writes_the_same(product: ProductFolder) -> None:
    product.run(step)
    first = product.generated("libraries.json")
    product.run(step)
    assert product.generated("libraries.json") == first


def test_conflicting_versions_write_nothing(product: ProductFolder) -> None:
    product.change(PRODUCT, libraries={"pypi": ["mlflow-skinny==1"]})
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert not (product.root / "generated").exists()


def test_everything_missing_is_told_at_once(product: ProductFolder) -> None:
    product.environ.clear()
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 6)
