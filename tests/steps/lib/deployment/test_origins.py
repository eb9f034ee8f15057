from __future__ import annotations

import pytest

from steps.lib.deployment.deployment import Deployment
from steps.lib.deployment.origins import place_of_library, places_of_principals
from steps.lib.settings import Reader
from tests.steps.bench import PRODUCT_FILE, TEAM, Bench

PRODUCT = "cluster_and_libraries_config.json"


@pytest.fixture
def deployment(bench: Bench) -> Deployment:
    bench.write_config(PRODUCT_FILE, {
        "workspace_name": TEAM,
        "access_control_list": ["Anna@example.com", {"group_name": "name"}],
        "libraries": {"pypi": ["pandas==2.2.3", {"package": "ours", "repo": "https://r.test"}]}})
    bench.write_config(f"teams/{TEAM}/access_control_list.json", {
        "clusters": {"access_control_list": [{"group_name": "leads", "permission_level": "CAN_ATTACH_TO"}]}})
    bench.write_config(f"teams/{TEAM}/libraries.json", {"jar": ["/Volumes/a.jar"]})
    return Deployment.read(Reader(bench.environ))


@pytest.mark.parametrize(("message", "place"), [
    pytest.param("UserName(anna@example.com) does not exist", f"{PRODUCT}:4", id="user in other case"),
    pytest.param("GroupName(leads) does not exist", f"teams/{TEAM}/access_control_list.json:4", id="group of the team"),
    pytest.param("User name anna@example.com is unknown", f"{PRODUCT}:4", id="a word that is a group, too"),
    pytest.param("something else", f"{PRODUCT}:3", id="nobody"),
])
def test_the_entry_of_a_refused_principal_is_found(deployment: Deployment, message: str, place: str) -> None:
    assert [str(origin) for origin in places_of_principals(message, deployment)] == [place]


def test_a_service_principal_stands_in_the_workspaces_file(bench: Bench, deployment: Deployment) -> None:
    (place,) = places_of_principals(f"ServicePrincipalName({bench.principal.client_id})", deployment)
    assert place.file == f"teams/{TEAM}/workspaces.json"


@pytest.mark.parametrize(("entry", "place"), [
    ({"pypi": {"package": "Pandas == 2.2.3"}}, f"{PRODUCT}:11"),
    ({"pypi": {"package": "ours", "repo": "https://r.test"}}, f"{PRODUCT}:12"),
    ({"jar": "/Volumes/a.jar"}, f"teams/{TEAM}/libraries.json:3"),
    ({"pypi": {"package": "unknown"}}, f"{PRODUCT}:9"),
], ids=["spelling", "with repository", "of the team", "nowhere"])
def test_the_entry_of_a_library_is_found(deployment: Deployment, entry: dict[str, object], place: str) -> None:
    assert str(place_of_library(entry, deployment)) == place
