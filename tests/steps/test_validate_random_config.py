"""Whatever stands in a config file, validation ends with findings, never with a traceback."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steps.validate_config import step
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped

any_json = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
                        max_leaves=6)
# Keys the step knows, so that the rules behind the schema meet values of every type.
known = st.sampled_from(["spark_version", "version", "ml", "autoscale", "min_workers", "num_workers", "custom_tags",
                         "spark_conf", "pypi", "maven", "whl", "package", "coordinates", "user_name", "group_name",
                         "permission_level", "clusters", "host", "service_principals", "local", "branch"])
shaped = st.recursive(any_json, lambda inner: st.dictionaries(known, inner, max_size=4) | st.lists(inner, max_size=2),
                      max_leaves=10)
FILES = [PRODUCT, "environment_config.json", *(f"teams/data_science/{name}.json" for name in (
    "workspaces", "cluster_config", "libraries", "jobs_config", "access_control_list"))]



@pytest.fixture
def product(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    return shipped(tmp_path, capsys)


@settings(max_examples=60, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), content=shaped)
def test_random_json_is_never_a_bug(product: ProductFolder, file: str, content: Any) -> None:
    before = product.path(file).read_text("utf-8")
    product.write(file, json.dumps(content))
    code, _ = product.run(step)
    product.write(file, before)
    assert code in (0, 2), product.lines


@settings(max_examples=60, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parameters=shaped, access=shaped, libraries=shaped)
def test_random_values_in_a_product_are_never_a_bug(
        product: ProductFolder, parameters: Any, access: Any, libraries: Any) -> None:
    product.write(PRODUCT, json.dumps({"workspace_name": "data_science", "cluster_parameters": parameters,
                                       "access_control_list": access, "libraries": libraries}))
    code, _ = product.run(step)
    assert code in (0, 2), product.lines
