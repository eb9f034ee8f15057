from __future__ import annotations

from typing import Any

import pytest

from steps.lib.cluster.config import cluster_config
from steps.lib.cluster.runtime_key import bundled_keys, key_for
from steps.lib.config.conventions import Identity
from steps.lib.config.provenance import nested
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import document, team_file

IDENTITY = Identity(TargetEnvironment.LOCAL, "churn", "main")
OPEN = {"spark_version": None, "runtime_engine": None, "num_workers": None, "autotermination_minutes": None,
        "custom_tags": None, "spark_conf": None}
RUNTIME = {"version": "16.4", "ml": False, "gpu": False}
IDENTITY_TAGS = {"environment": "local", "repo": "churn", "branch": "main", "managed_by": "brickline"}


def made(template: Any = OPEN, **wanted: Any) -> tuple[dict[str, Any], list[str]]:
    product = document({"cluster_parameters": wanted})
    config = cluster_config(product, team_file("cluster_config", template), IDENTITY,
                            lambda runtime: key_for(runtime, bundled_keys()))
    return nested(config.values), [f"{finding.path}: {finding.problem}" for finding in config.findings]


def test_name_and_tags_are_set_by_convention() -> None:
    values, _ = made()
    assert (values["cluster_name"], values["custom_tags"]) == ("local-churn-main", IDENTITY_TAGS)


def test_identity_tags_are_set_even_where_a_team_allows_no_tags() -> None:
    assert made({"spark_version": None})[0]["custom_tags"] == IDENTITY_TAGS


def test_tags_of_user_and_team_stand_beside_those_of_the_convention() -> None:
    values, _ = made({"custom_tags": {"department": "x"}}, custom_tags={"cost_center": "1"})
    assert values["custom_tags"] == {"department": "x", "cost_center": "1", **IDENTITY_TAGS}


@pytest.mark.parametrize("tag", ["branch", "Branch", "REPO", "environment", "managed_by"])
def test_a_user_may_not_set_a_tag_of_the_convention(tag: str) -> None:
    values, findings = made(custom_tags={tag: "mine"})
    assert findings[0].startswith(f"cluster_parameters.custom_tags.{tag}: set by convention")
    assert values["custom_tags"] == IDENTITY_TAGS


def test_neither_may_a_team() -> None:
    assert made({"custom_tags": {"repo": "x"}})[1][0].startswith("custom_tags.repo: set by convention")


def test_the_runtime_becomes_its_key() -> None:
    assert made(spark_version=RUNTIME)[0]["spark_version"] == "16.4.x-scala2.12"


def test_photon_becomes_the_engine() -> None:
    values, _ = made(spark_version={**RUNTIME, "photon": True})
    assert (values["spark_version"], values["runtime_engine"]) == ("16.4.x-scala2.12", "PHOTON")


def test_without_photon_nothing_is_said_of_the_engine() -> None:
    assert "runtime_engine" not in made(spark_version=RUNTIME)[0]


def test_a_locked_engine_is_violated_where_the_user_wrote_photon() -> None:
    _, findings = made({**OPEN, "runtime_engine": "STANDARD"}, spark_version={**RUNTIME, "photon": True})
    assert findings[0].startswith("cluster_parameters.spark_version.photon: got 'PHOTON', locked to 'STANDARD'")


@pytest.mark.parametrize("key", ["16.4.x-scala2.12", "16.4.x-scala2.13"])
def test_a_locked_runtime_may_be_repeated_whatever_its_scala(key: str) -> None:
    values, findings = made({**OPEN, "spark_version": key}, spark_version=RUNTIME)
    assert (values["spark_version"], findings) == (key, [])


def test_a_locked_runtime_may_not_be_changed() -> None:
    _, findings = made({**OPEN, "spark_version": "15.4.x-scala2.12"}, spark_version=RUNTIME)
    assert findings[0].startswith("cluster_parameters.spark_version: got '16.4.x-scala2.12', locked to '15.4")


def test_an_impossible_runtime_is_told_where_it_stands() -> None:
    _, findings = made(spark_version={**RUNTIME, "gpu": True})
    assert findings[0].startswith("cluster_parameters.spark_version: got gpu without ml")


@pytest.mark.parametrize(("template", "wanted", "minutes"), [
    pytest.param(OPEN, {}, 120, id="nobody-says"),
    pytest.param(OPEN, {"autotermination_minutes": 30}, 30, id="user-says"),
    pytest.param(OPEN, {"autotermination_minutes": 0}, 0, id="user-says-never"),
    pytest.param({**OPEN, "autotermination_minutes": 60}, {}, 60, id="team-says"),
    pytest.param({"spark_version": None}, {}, None, id="team-does-not-allow-it"),
])
def test_a_cluster_terminates_even_if_nobody_says_so(template: Any, wanted: Any, minutes: int | None) -> None:
    assert made(template, **wanted)[0].get("autotermination_minutes") == minutes


def test_no_workers_make_a_single_node_cluster() -> None:
    values, _ = made(num_workers=0)
    assert values["spark_conf"] == {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
    assert values["custom_tags"]["ResourceClass"] == "SingleNode"


def test_a_setting_of_the_user_wins_over_the_single_node_convention() -> None:
    assert made(num_workers=0, spark_conf={"spark.master": "local[4]"})[0]["spark_conf"]["spark.master"] == "local[4]"
