"""A job that works until it is told to end, and its own token."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from tests.sandbox.azure_devops.rest.plant import Plant, until

_TEXT = """
{head}
stages:
- stage: work
  jobs:
  - job: wait
    steps:
    - checkout: none
    - bash: |
        printf '%s %s' "$TOKEN" "$SYSTEM_OIDCREQUESTURI" > {signal}.new && mv {signal}.new {signal}
        while [ -e {signal} ]; do sleep 0.02; done
      env: {{TOKEN: $(System.AccessToken)}}
"""


@dataclass(frozen=True)
class LiveJob:
    """`oidc` is where the job asks for tokens of service connections."""

    plant: Plant
    token: str
    oidc: str

    def send(self, method: str, path: str, **rest: Any) -> requests.Response:
        """Raw REST with the token of the job: `path` below the organisation, or a whole URL."""
        url = path if path.startswith("http") else f"{self.plant.office.url}/{path}"
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(method, url, headers=headers, timeout=20, allow_redirects=False, **rest)


@contextmanager
def at_work(plant: Plant, head: str = "") -> Iterator[LiveJob]:
    """The one job of a run of `plant`; `head` is YAML before its stages. The run has succeeded afterwards."""
    signal = plant.office.organisation.folder / "signal"
    plant.commit(_TEXT.format(head=head, signal=signal))
    run = plant.start()
    until(lambda: signal.exists() or run.state == "completed")
    assert signal.exists(), run.result and run.result.error
    token, oidc = signal.read_text(encoding="utf-8").split(" ")
    try:
        yield LiveJob(plant, token, oidc)
    finally:
        signal.unlink()
        plant.finish()
    assert run.outcome == "succeeded"
