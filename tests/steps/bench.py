"""What a step needs to run for real in a test: an embedded workspace and tenant, a product, a team, generated files."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import AppRegistration, Tenant
from sandbox.http.server import Server
from steps.lib import agent
from steps.lib.http.session import open_session
from tests.steps.fake_clock import FakeClock

ROOT = Path(__file__).parents[2]
PEOPLE = ("anna@example.com", "bob@example.com")
TEAM = "data_science"
PRODUCT_FILE = "product/cluster_and_libraries_config.json"
OWN_TAGS = {"environment": "local", "repo": "churn", "branch": "feature/x", "managed_by": "brickline"}
CLUSTER: dict[str, Any] = {
    "cluster_name": "local-churn-feature-x-1f3a9c02",
    "spark_version": "16.4.x-scala2.12",
    "node_type_id": "Standard_DS3_v2",
    "autoscale": {"min_workers": 1, "max_workers": 4},
    "autotermination_minutes": 60,
    "data_security_mode": "USER_ISOLATION",
    "custom_tags": OWN_TAGS | {"cost_center": "4711"},
}


@dataclass
class Bench:
    """`run` plays one step; `environ` is what the agent would give it."""

    workspace: Workspace
    tenant: Tenant
    principal: AppRegistration
    server: Server
    entra: Server
    folder: Path
    environ: dict[str, str]
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def generated(self) -> Path:
        return self.folder / "generated"

    def run(self, step: Callable[..., None], **changed: str) -> int:
        """The exit code of `step`, with some variables changed; the clock never really sleeps."""
        environ = {**self.environ, **changed}
        return agent.run(lambda given: step(given, self.clock), environ)

    def write(self, name: str, data: object) -> None:
        self.generated.mkdir(exist_ok=True)
        (self.generated / name).write_text(json.dumps(data))

    def write_config(self, file: str, data: Mapping[str, object]) -> None:
        """What a person wrote: a file of the product or of the team, on the lines that `json.dumps` gives it."""
        (self.folder / file).write_text(json.dumps(data, indent=2))

    def want_cluster(self, **changed: object) -> None:
        self.write("cluster_config.json", CLUSTER | changed)

    def want_access(self, *entries: Mapping[str, str]) -> None:
        """The given entries, and the pipeline's own principal as manager."""
        own = {"service_principal_name": self.principal.client_id, "permission_level": "CAN_MANAGE"}
        self.write("access_control_list.json", {"access_control_list": [*entries, own]})

    def want_libraries(self, *packages: str) -> None:
        self.write("libraries.json", {"libraries": [{"pypi": {"package": package}} for package in packages]})

    def clusters(self) -> list[Cluster]:
        return list(self.workspace.state.clusters.values())

    def cluster(self) -> Cluster:
        """The only cluster there is."""
        (cluster,) = self.clusters()
        return cluster

    def by_hand(self, path: str, body: object) -> dict[str, Any]:
        """What an admin does in the workspace besides the pipeline."""
        url, key = f"{self.server.url}{path}", {"Authorization": f"Bearer {self.workspace.token}"}
        with open_session(url, {}) as session:
            reply = session.post(url, json=body, headers=key)
            reply.raise_for_status()
            answer: dict[str, Any] = reply.json()
            return answer

    def calls(self) -> list[str]:
        """Every request of the pipeline so far, as `GET /path`."""
        entries = self.workspace.log.entries()
        return [f"{entry.method} {entry.path}" for entry in entries if entry.who != self.workspace.token_user]

    def writes(self) -> list[str]:
        return [call for call in self.calls() if not call.startswith("GET ")]

    def outputs(self, text: str) -> dict[str, str]:
        """The output variables set in `text`, what a step printed, but for `deploymentRecord`, which all set."""
        lines = [line.partition("]") for line in text.splitlines() if line.startswith("##vso[task.setvariable ")]
        named = {head.split("variable=")[1].split(";")[0]: value for head, _, value in lines}
        return {name: value for name, value in named.items() if name != "deploymentRecord"}

    def record(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = json.loads((self.generated / "deployment_record.json").read_text())["entries"]
        return entries
