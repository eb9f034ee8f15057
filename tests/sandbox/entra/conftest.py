from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from sandbox.clock import FakeClock
from sandbox.entra.tenant import AppRegistration, Tenant
from sandbox.entra.tls import LocalTls, local_tls
from sandbox.http.server import Server


@dataclass
class Login:
    """A tenant served over TLS, one app registration in it, and a session that trusts its authority."""

    tenant: Tenant
    clock: FakeClock
    url: str
    registration: AppRegistration
    session: requests.Session

    def post(self, path: str, **form: str) -> requests.Response:
        return self.session.post(f"{self.url}/{path}", data=form, timeout=30)

    def token(self, **changes: str) -> requests.Response:
        form = {"grant_type": "client_credentials", "client_id": self.registration.client_id,
                "client_secret": self.registration.client_secret,
                "scope": "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default", **changes}
        return self.post(f"{self.tenant.tenant_id}/oauth2/v2.0/token", **form)


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> LocalTls:
    return local_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def login(tls: LocalTls) -> Iterator[Login]:
    clock = FakeClock()
    tenant = Tenant(clock=clock)
    with Server(tenant.application, tls=tls.context) as server, requests.Session() as session:
        session.verify = str(tls.ca_file)
        session.trust_env = False
        yield Login(tenant, clock, server.url, tenant.register_application("pipeline"), session)
