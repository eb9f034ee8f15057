from __future__ import annotations

from typing import Any

import pytest

from steps.lib.cluster.node_types import by_id
from steps.lib.cluster.workspace_offer import Offer, offer_findings
from steps.lib.config.provenance import Origin, SetValue
from tests.steps.lib.documents import PRODUCT, document

OFFER = Offer(frozenset({"16.4.x-scala2.12", "16.4.x-gpu-ml-scala2.12"}), by_id([
    {"node_type_id": "Standard_DS3_v2", "num_gpus": 0, "photon_worker_capable": False},
    {"node_type_id": "Standard_NC6s_v3", "num_gpus": 1}]))


def told(**values: Any) -> list[str]:
    items = [SetValue((key,), value, Origin(PRODUCT, 5)) for key, value in values.items()]
    return [str(finding) for finding in offer_findings(document({}), items, OFFER)]


def test_what_the_workspace_has_is_fine() -> None:
    assert told(spark_version="16.4.x-gpu-ml-scala2.12", node_type_id="Standard_NC6s_v3") == []


def test_a_custom_image_is_not_in_the_list() -> None:
    assert told(spark_version="custom:image") == []


@pytest.mark.parametrize(("values", "words"), [
    pytest.param({"spark_version": "15.4.x-scala2.12"}, "spark_version: '15.4.x-scala2.12' is no runtime",
                 id="locked-key"),
    pytest.param({"node_type_id": "Standard_DS3"}, "node_type_id: 'Standard_DS3' is no node type", id="workers"),
    pytest.param({"driver_node_type_id": "x"}, "driver_node_type_id: 'x' is no node type", id="driver"),
    pytest.param({"spark_version": "16.4.x-gpu-ml-scala2.12", "node_type_id": "Standard_DS3_v2"},
                 "expected one such as 'Standard_NC6s_v3'", id="gpu-runtime-without-gpu"),
    pytest.param({"runtime_engine": "PHOTON", "node_type_id": "Standard_DS3_v2"}, "cannot run Photon", id="photon"),
])
def test_what_it_has_not_is_told_where_it_was_set(values: dict[str, Any], words: str) -> None:
    findings = told(**values)
    assert len(findings) == 1
    assert words in findings[0]
    assert findings[0].startswith("cluster_and_libraries_config.json:5: cluster_parameters.")
