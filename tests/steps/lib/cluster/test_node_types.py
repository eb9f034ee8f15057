from __future__ import annotations

import pytest

from steps.lib.cluster.node_types import by_id, problem_with

NODES = by_id([
    {"node_type_id": "Standard_DS3_v2", "num_gpus": 0, "photon_worker_capable": True},
    {"node_type_id": "Standard_DS4_v2", "num_gpus": 0, "photon_worker_capable": False},
    {"node_type_id": "Standard_NC6s_v3", "num_gpus": 1},
    {"node_type_id": "Standard_NV36ads_A10_v5", "num_gpus": None},
    {"node_type_id": "Standard_E8_v3", "num_gpus": 0, "node_info": {"status": ["NotAvailableInRegion"]}},
    {"node_type_id": "Standard_F4", "num_gpus": 0, "node_info": {"status": ["NotEnabledOnSubscription"]}},
    "no row",
])


@pytest.mark.parametrize(("node", "gpu", "photon", "words"), [
    pytest.param("Standard_DS3_v2", False, True, "", id="fits"),
    pytest.param("Standard_NC6s_v3", True, False, "", id="gpu"),
    pytest.param("Standard_NV36ads_A10_v5", True, False, "", id="gpu-by-family"),
    pytest.param("standard_ds3_v2", False, False, "is no node type of this workspace, expected one such as "
                 "'Standard_DS3_v2'", id="case"),
    pytest.param("m5.xlarge", False, False, "is no node type", id="other-cloud"),
    pytest.param("Standard_DS3_v2", True, False, "has no GPU, which the runtime needs, expected one such as "
                 "'Standard_N", id="no-gpu"),
    pytest.param("Standard_DS4_v2", False, True, "cannot run Photon", id="no-photon"),
    pytest.param("Standard_E8_v3", False, False, "not available in the region", id="region"),
    pytest.param("Standard_F4", False, False, "not enabled on the subscription", id="subscription"),
])
def test_a_node_type_is_judged(node: str, gpu: bool, photon: bool, words: str) -> None:
    problem = problem_with(node, NODES, gpu=gpu, photon_role="worker" if photon else "")
    assert words in problem
    assert bool(words) == bool(problem)


def test_a_driver_has_its_own_photon_mark() -> None:
    assert problem_with("Standard_DS4_v2", NODES, gpu=False, photon_role="driver") == ""


def test_alternatives_can_be_had() -> None:
    assert "Standard_F4" not in problem_with("Standard_F4", NODES, gpu=False).partition("expected")[2]


def test_an_empty_list_names_no_alternative() -> None:
    assert "the workspace lists none" in problem_with("x", {}, gpu=False)
