"""What `up` says when it is ready: what has moved, and what a person needs for a first push."""
from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.world.legacy_doors import LegacyDoors
    from sandbox.world.world import World

_PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"


def moves(world: World) -> list[str]:
    """A line for each service that is not where it was the last time."""
    from sandbox.world.furnish import PRODUCT

    clones = f", in clones with 'git remote set-url origin {world.organisation.git_url(PRODUCT)}' or the like"
    return [f"{name}: port {port} is taken by another program, so it is at {world.servers[name].url} now; "
            f"change the address where it is used{clones if name == 'azure_devops' else ''}"
            for name, port in world.ports.moved.items()]


def welcome(world: World) -> str:
    """What a person needs for a first push, ready to copy."""
    from sandbox.world.furnish import PRODUCT
    from sandbox.world.people import ANNA
    from sandbox.world.state import DEFAULT_STATE

    folder, python = world.state.folder, quote(_shown(Path(sys.executable)))
    here = "" if folder == DEFAULT_STATE.resolve() else f" --state {quote(str(folder))}"
    return f"""
The sandbox is up: an Azure DevOps organisation, an Entra tenant and four Databricks workspaces, on this machine only.

  logs and artifacts of runs    {world.state.folder / "runs"}
  REST APIs and their tokens    {world.state.folder / "addresses.json"}
  what Databricks can be told   {_PAGE}

Try it in another terminal:

  git clone {world.organisation.git_url(PRODUCT)}
      Username: {ANNA.email}
      Password: {world.credentials.token(f"azure_devops/{ANNA.email}")}
  cd {PRODUCT}
  git checkout -b feature/first-model
  # edit cluster_and_libraries_config.json: another number of workers, a library, a teammate
  git commit -am "Ask for a cluster"
  git push -u origin feature/first-model

Deploy the jobs of the default branch to dev, test and, once approved, prod:

  cd {quote(str(Path.cwd()))}
  {python} -m sandbox run {PRODUCT}-jobs{here}
  {python} -m sandbox runs{here}
  {python} -m sandbox approve{here}

{_ways_in(world.legacy_doors)}Every run is shown below as it happens. Ctrl-C ends the sandbox.
"""


def _ways_in(doors: LegacyDoors | None) -> str:
    """What clients that drop ports are given as their host."""
    if doors is None:
        return ""
    on_port_80 = [f"  {name:8}{host}" for name, host in doors.hosts.items()]
    return "\n".join([
        "Hosts for clients that drop the port of an address:", "",
        *(on_port_80 or [f"  none on port 80: {doors.problem}"]), "",
        f"Or, with HTTP_PROXY={doors.proxy.url}:", "", *(f"  {name:8}{host}" for name, host in doors.proxied.items()),
        "", ""])


def _shown(path: Path) -> str:
    """As one would type it here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
