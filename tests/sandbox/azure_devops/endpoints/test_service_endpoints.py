"""Service connections and the projects that share them."""
from __future__ import annotations

from pathlib import Path

from sandbox.azure_devops.endpoints.service_endpoints import ServiceEndpoint, ServiceEndpoints
from sandbox.storage import Storage

AZURE = ServiceEndpoint("1", "azurerm", "u", "WorkloadIdentityFederation", {"p": "azure", "q": "shared"}, {"k": "v"})


def test_connection_is_called_differently_in_each_project() -> None:
    endpoints = ServiceEndpoints(Storage())
    endpoints.put(AZURE)
    assert endpoints.named("p", "AZURE") == endpoints.named("q", "shared") == endpoints.named("q", "1") == AZURE
    assert endpoints.named("p", "shared") is None


def test_connection_is_gone_with_the_last_project() -> None:
    endpoints = ServiceEndpoints(Storage())
    endpoints.put(AZURE)
    endpoints.remove(AZURE, "p")
    left = endpoints.get("1")
    assert left is not None
    assert (endpoints.of("p"), dict(left.names)) == ([], {"q": "shared"})
    endpoints.remove(left, "q")
    assert endpoints.get("1") is None


def test_connection_outlives_a_restart_and_shows_no_secret(tmp_path: Path) -> None:
    first = Storage(tmp_path / "s.sqlite")
    ServiceEndpoints(first).put(AZURE)
    first.close()
    second = Storage(tmp_path / "s.sqlite")
    assert ServiceEndpoints(second).get("1") == AZURE
    second.close()
    assert "'v'" not in repr(AZURE)
