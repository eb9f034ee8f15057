from __future__ import annotations

from typing import Any

import pytest

from steps.lib.cluster.clusters import Cluster, idempotency_token, own_tags, sort_out
from steps.lib.cluster.termination import start_failed
from steps.lib.errors import InputError
from tests.steps.bench import CLUSTER, OWN_TAGS


def cluster(**body: Any) -> Cluster:
    return Cluster({"cluster_id": "c", "cluster_name": "n", "state": "TERMINATED", **body})


def test_ours_has_every_tag_with_its_exact_value() -> None:
    clusters = [cluster(custom_tags=OWN_TAGS | {"more": "x"}), cluster(custom_tags=OWN_TAGS | {"branch": "Feature/x"}),
                cluster(custom_tags=None), cluster()]
    found = sort_out(clusters, OWN_TAGS, "n")
    assert (found.ours, found.namesakes) == ((clusters[0],), tuple(clusters[1:]))


def test_another_name_and_other_tags_are_of_no_interest() -> None:
    found = sort_out([cluster(cluster_name="other")], OWN_TAGS, "n")
    assert (found.ours, found.namesakes) == ((), ())


def test_own_tags_are_those_of_the_identity() -> None:
    assert own_tags(CLUSTER, "f") == OWN_TAGS


@pytest.mark.parametrize("tags", [None, [], {}, OWN_TAGS | {"branch": ""}], ids=["absent", "list", "none", "empty"])
def test_a_configuration_without_identity_is_refused(tags: object) -> None:
    with pytest.raises(InputError, match="run generate_cluster_config before this step"):
        own_tags({"custom_tags": tags}, "generated/cluster_config.json")


def test_the_idempotency_token_fits_and_is_the_branch_s_own() -> None:
    tokens = [idempotency_token(OWN_TAGS | change) for change in (
        {}, {"branch": "feature"}, {"repo": "churn\0feature", "branch": "x"}, {"environment": "dev"})]
    assert all(len(token) == 64 for token in tokens)
    assert len(set(tokens)) == 4
    assert idempotency_token(dict(reversed(OWN_TAGS.items()))) == tokens[0]


@pytest.mark.parametrize(("reason", "text"), [
    pytest.param({"code": "INIT_SCRIPT_FAILURE", "type": "CLIENT_ERROR", "parameters": {"instance_id": "i"}},
                 "INIT_SCRIPT_FAILURE (CLIENT_ERROR), instance_id='i'; correct the init script", id="known code"),
    pytest.param({"code": "NEW_CODE", "type": "SERVICE_FAULT"}, "NEW_CODE (SERVICE_FAULT); nothing to change",
                 id="known type"),
    pytest.param({"code": "NEW_CODE", "type": "NEW"}, "NEW_CODE (NEW); look at its event log", id="unknown"),
    pytest.param(None, "no reason given; look at its event log", id="none"),
    pytest.param("odd", "no reason given; look at its event log", id="no object"),
])
def test_a_failed_start_says_why_and_what_to_do(reason: object, text: str) -> None:
    error = start_failed(cluster(termination_reason=reason))
    assert str(error).startswith(f"cluster 'n' (c): did not start, TERMINATED: {text}")


def test_the_state_message_is_shown_with_the_reason() -> None:
    assert "state_message='no cores'" in str(start_failed(cluster(state_message="no cores")))


def test_a_broken_cluster_is_to_be_deleted() -> None:
    assert str(start_failed(cluster(state="ERROR"))).endswith("delete it in the workspace and run the pipeline again")
