from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sandbox.http.message import json_response
from sandbox.http.server import Server
from steps.lib.azure_devops.connection import connect
from tests.steps.bench import ROOT
from tests.steps.fake_clock import FakeClock
from tests.steps.lib.azure_devops.service import LOCATIONS, PROJECTS, Service, connected, in_turn

ONCE = """
import sys
from steps.lib.azure_devops.connection import connect
with connect(sys.argv[1], {"AZURE_DEVOPS_EXT_PAT": "s3cret"}) as devops:
    devops.call(devops.client("core").get_projects, repeatable=True)
"""


def test_nothing_is_kept_on_disk_and_a_home_that_is_read_only_does_no_harm(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    with Server(Service()) as server:
        subprocess.run([sys.executable, "-W", "error", "-c", ONCE, f"{server.url}/Org"], cwd=ROOT, check=True,
                       env={"HOME": str(home), "AZURE_DEVOPS_CACHE_DIR": str(home / "cache")}, capture_output=True)
    assert list(home.rglob("*")) == []


def test_the_disk_is_left_alone_when_somebody_loaded_the_package_before(tmp_path: Path) -> None:
    with Server(Service()) as server:
        subprocess.run([sys.executable, "-c", f"import azure.devops.client\n{ONCE}", f"{server.url}/Org"], cwd=ROOT,
                       check=True, env={"AZURE_DEVOPS_CACHE_DIR": str(tmp_path)}, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_changed_is_asked_anew() -> None:
    moved = [{**one, "routeTemplate": "_apis/moved"} if one["id"] == PROJECTS else one for one in LOCATIONS]
    service = Service()
    with Server(service) as server:
        for locations in (LOCATIONS, moved):
            service.locations = locations
            with connect(f"{server.url}/Org", {"AZURE_DEVOPS_EXT_PAT": "s"}, FakeClock()) as devops:
                devops.call(devops.client("core").get_projects, repeatable=True)
    assert [one.path for one in service.calls] == ["/Org/_apis/projects", "/Org/_apis/moved"]


def test_the_package_is_loaded_when_first_used() -> None:
    code = "import sys, steps.lib.azure_devops.connection; print(sorted({'azure', 'msal'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_call_asks_not_to_be_sent_to_a_sign_in_page() -> None:
    service = Service(in_turn(json_response({"value": []})))
    with connected(service) as devops:
        list(devops.pages(PROJECTS))
    assert {one.headers["X-TFS-FedAuthRedirect"] for one in service.requests} == {"Suppress"}
    assert all("brickline" in one.headers["User-Agent"] for one in service.calls)


def test_cookies_of_the_service_are_not_sent_back() -> None:
    service = Service(in_turn(json_response({"value": []}, headers={"Set-Cookie": "VstsSession=x; path=/"})))
    with connected(service) as devops:
        list(devops.pages(PROJECTS))
        list(devops.pages(PROJECTS))
    assert ["Cookie" in one.headers for one in service.calls] == [False, False]
