from __future__ import annotations

import pytest

from steps.lib.repos.remote_tip import RemoteRepository, remote_repository

ORGANIZATION = "https://dev.azure.com/org"
OLD = "https://org.visualstudio.com"


@pytest.mark.parametrize(("url", "found"), [
    (f"{ORGANIZATION}/My%20Project/_git/churn", RemoteRepository(ORGANIZATION, "My Project", "churn")),
    (f"{ORGANIZATION}/analytics/_git/a%26b", RemoteRepository(ORGANIZATION, "analytics", "a&b")),
    (f"{ORGANIZATION}/_git/churn", RemoteRepository(ORGANIZATION, "churn", "churn")),
    ("https://org.visualstudio.com/DefaultCollection/p/_git/churn/",
     RemoteRepository("https://org.visualstudio.com/DefaultCollection", "p", "churn")),
    (f"{OLD}/My%20Project/_git/churn", RemoteRepository(OLD, "My Project", "churn")),
    (f"{OLD}/_git/churn", RemoteRepository(OLD, "churn", "churn")),
    (f"{OLD}/DefaultCollection/_git/churn", RemoteRepository(f"{OLD}/DefaultCollection", "churn", "churn")),
    ("https://github.com/org/churn.git", None), (f"{ORGANIZATION}/analytics/_git/", None), ("", None),
], ids=["escaped project", "escaped name", "named as its project", "old host", "old host without collection",
        "named as its project there", "named as its project in a collection", "elsewhere", "no name", "empty"])
def test_address_names_organization_project_and_repository(url: str, found: RemoteRepository | None) -> None:
    assert remote_repository(url) == found
