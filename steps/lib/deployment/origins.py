"""Where a person wrote what a workspace refuses: the generated files know no lines, the files behind them do."""
from __future__ import annotations

from steps.lib.access.access_control import grants_of, grants_of_environment
from steps.lib.config.product import CLUSTER_FILE
from steps.lib.config.provenance import Origin
from steps.lib.deployment.deployment import Deployment
from steps.lib.libraries.entries import libraries_of
from steps.lib.libraries.plan import Library, LibraryEntry


def places_of_principals(message: str, deployment: Deployment) -> list[Origin]:
    """The entries whose principal `message` names; the product's list where it names none of them."""
    team = deployment.team.document("access_control_list")
    grants = [*grants_of(deployment.product, ("access_control_list",)),
              *grants_of(team, ("clusters", "access_control_list")), *grants_of_environment(deployment.workspace)]
    named = [grant for grant in grants if grant.name.lower() in message.lower()]
    # A short name may be a part of the words around it: the longest is meant.
    longest = max((len(grant.name) for grant in named), default=0)
    places = [grant.origin for grant in named if len(grant.name) == longest]
    return places or [Origin(CLUSTER_FILE, deployment.product.line(("access_control_list",)))]


def place_of_library(entry: LibraryEntry, deployment: Deployment) -> Origin:
    """The entry of the product or the team that asks for the library `entry`."""
    team = deployment.team.document("libraries")
    written = [*libraries_of(deployment.product, ("libraries",)), *libraries_of(team, ())]
    places = [Origin(one.document.file, one.document.line(one.path)) for one in written
              if Library.of(one.entry) == Library.of(entry)]
    return places[0] if places else Origin(CLUSTER_FILE, deployment.product.line(("libraries",)))
