"""Random sequences of calls, clocks and restarts, compared with a model that was written apart."""
from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.clusters.model import (
    DAY,
    IDLE,
    INSTALL,
    NOT_THERE,
    REFUSED,
    RESIZE,
    RESTART,
    START,
    STOP,
    ModelCluster,
)
from tests.sandbox.databricks.conftest import SPEC, Client

DELAYS = Delays(cluster_start=START, cluster_restart=RESTART, cluster_resize=RESIZE, terminate=STOP,
                library_install=INSTALL)
PACKAGES = st.sampled_from([("pandas", "1"), ("pandas", "2"), ("numpy", "1")])
PLACES = range(2)
WHICH = st.sampled_from([*PLACES, *PLACES, len(PLACES)])
EXTRA: dict[str, dict[str, Any]] = {"edit": SPEC, "resize": {"num_workers": 3}}


@cache
def tenant() -> Tenant:
    return Tenant()


class Clusters(RuleBasedStateMachine):
    """Every rule asks the workspace and the model the same; the invariants compare all that can be seen of both."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.model: dict[str, ModelCluster] = {}
        self.known: list[str] = []
        self.open()

    def open(self) -> None:
        self.workspace = Workspace("dev", tenant=tenant(), clock=self.clock, delays=DELAYS, folder=self.folder)
        self.client = Client(self.workspace, self.workspace.token)

    def teardown(self) -> None:
        self.workspace.close()
        shutil.rmtree(self.folder)

    @initialize()
    def first(self) -> None:
        self.create(idles=True)

    @precondition(lambda self: len(self.living()) < len(PLACES))
    @rule(idles=st.booleans())
    def another(self, idles: bool) -> None:
        self.create(idles=idles)

    @rule(place=WHICH, action=st.sampled_from(
        ["start", "restart", "edit", "resize", "delete", "pin", "unpin"]), seconds=st.sampled_from([0.0, 10.0]))
    def act(self, place: int, action: str, seconds: float) -> None:
        cluster_id = self.pick(place)
        idle = {"autotermination_minutes": 10} if action == "edit" and self.idles(cluster_id) else {}
        body = {**EXTRA.get(action, {}), **idle, "cluster_id": cluster_id}
        reply = self.client.post(f"2.1/clusters/{action}", **body)
        error = self.error(cluster_id) or getattr(self.model[cluster_id], action)(self.clock.now())
        assert (reply.code or "") == error
        self.clock.advance(seconds)

    @rule(place=WHICH)
    def delete_for_good(self, place: int) -> None:
        cluster_id = self.pick(place)
        reply = self.client.post("2.1/clusters/permanent-delete", cluster_id=cluster_id)
        error = self.error(cluster_id) or (REFUSED if self.model[cluster_id].pinned else "")
        assert (reply.code or "") == error
        if not error:
            del self.model[cluster_id]

    @rule(place=WHICH, package=PACKAGES, action=st.sampled_from(["install", "install", "uninstall"]),
          seconds=st.sampled_from([0.0, 4.0]))
    def change_libraries(self, place: int, package: tuple[str, str], action: str, seconds: float) -> None:
        cluster_id = self.pick(place)
        entry = {"pypi": {"package": "==".join(package)}}
        reply = self.client.post(f"2.0/libraries/{action}", cluster_id=cluster_id, libraries=[entry])
        error = self.error(cluster_id)
        assert (reply.code or "") == error
        if not error and action == "install":
            self.model[cluster_id].install(*package, self.clock.now())
        elif not error:
            self.model[cluster_id].uninstall(*package)
        self.clock.advance(seconds)

    @rule(seconds=st.sampled_from([1.0, 3.0, 10.0, IDLE, 31 * DAY]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule()
    def restart_the_workspace(self) -> None:
        self.workspace.close()
        self.open()

    @invariant()
    def every_cluster_is_as_the_model_says(self) -> None:
        for cluster_id in {*self.living(), self.known[-1]}:
            error = self.error(cluster_id)
            reply = self.client.get("2.1/clusters/get", cluster_id=cluster_id)
            assert (reply.code or "") == error
            if not error:
                model = self.model[cluster_id]
                assert (reply.body["state"], "pinned_by_user_name" in reply.body) == (model.state, model.pinned)
                assert self.client.libraries(cluster_id) == model.statuses()

    @invariant()
    def list_tells_of_those_that_can_be_reached(self) -> None:
        told = {row["cluster_id"]: row["state"]
                for row in self.client.get("2.1/clusters/list", page_size="100").body.get("clusters", ())}
        assert told == {cluster_id: self.model[cluster_id].state for cluster_id in self.known
                        if not self.error(cluster_id)}

    def living(self) -> list[str]:
        return [cluster_id for cluster_id in self.known if not self.error(cluster_id)]

    def pick(self, place: int) -> str:
        """One of those that live, or the first that was made, be it gone or not."""
        living = self.living()
        return living[place] if place < len(living) else self.known[0]

    def create(self, *, idles: bool) -> None:
        cluster_id = self.client.create(autotermination_minutes=10 if idles else 0)
        self.model[cluster_id] = ModelCluster(idles)
        self.model[cluster_id].start(self.clock.now())
        self.known.append(cluster_id)

    def idles(self, cluster_id: str) -> bool:
        return cluster_id in self.model and self.model[cluster_id].idles

    def error(self, cluster_id: str) -> str:
        """Bring the model to the present; what anything asked of the cluster ends with."""
        if cluster_id not in self.model:
            return NOT_THERE
        self.model[cluster_id].settle(self.clock.now())
        return self.model[cluster_id].age(self.clock.now())


TestClusters = Clusters.TestCase
TestClusters.settings = settings(max_examples=30, stateful_step_count=30, deadline=None, derandomize=True)
