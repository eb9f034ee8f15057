"""The organisation that the tests of REST areas call."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.http.server import Server
from tests.sandbox.azure_devops.rest.office import Office, furnished
from tests.sandbox.azure_devops.rest.plant import Plant


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("AZURE_DEVOPS_CACHE_DIR", str(tmp_path / "azure-devops-cache"))
    _forget_locations()
    organisation, clock = furnished(tmp_path / "organisation")
    with Server(organisation.application) as server:
        organisation.address = server.url
        made = Office(organisation, clock, server.url)
        yield made
        made.close()
        organisation.close()


def _forget_locations() -> None:
    """The package keeps tables for each URL, on disk and in memory; another server may have had this port."""
    for module, cache in (("client", "OPTIONS_FILE_CACHE"), ("connection", "RESOURCE_FILE_CACHE")):
        loaded = sys.modules.get(f"azure.devops.{module}")
        if loaded is not None:
            getattr(getattr(loaded, cache), "data", {}).clear()
    if "azure.devops.client" in sys.modules:
        sys.modules["azure.devops.client"].Client._locations_cache.clear()


@pytest.fixture
def plant(office: Office) -> Plant:
    return Plant(office)
