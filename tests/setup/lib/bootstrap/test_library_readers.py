from __future__ import annotations

import pytest

from setup.lib.bootstrap.library_readers import build_service


@pytest.mark.parametrize(("url", "organization"), [
    ("https://dev.azure.com/contoso", "contoso"), ("https://dev.azure.com/contoso/", "contoso"),
    ("https://contoso.visualstudio.com", "contoso"),
], ids=["path", "slash at the end", "host"])
def test_the_identity_of_runs_is_called_by_project_and_organization(url: str, organization: str) -> None:
    assert build_service("analytics", url) == f"analytics Build Service ({organization})"
