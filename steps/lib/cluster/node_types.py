"""Whether a machine type exists in a workspace, can be had there, and fits the runtime."""
from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from steps.lib.json_files.json_reader import Json

NodeTypes = Mapping[str, Mapping[str, Json]]
_UNAVAILABLE = {"NotEnabledOnSubscription": "not enabled on the subscription",
                "NotAvailableInRegion": "not available in the region"}


def by_id(rows: Sequence[Json]) -> NodeTypes:
    """The rows of `clusters/list-node-types` by their `node_type_id`."""
    return {str(row.get("node_type_id")): row for row in rows if isinstance(row, dict)}


def problem_with(node_type: str, known: NodeTypes, *, gpu: bool, photon_role: str = "") -> str:
    """Why this machine type cannot be used with such a runtime; empty if it can.

    `photon_role` is `worker` or `driver` where Photon is asked for.
    """
    row = known.get(node_type)
    if row is None:
        return f"{node_type!r} is no node type of this workspace, expected {_alternatives(node_type, list(known))}"
    for status, words in _UNAVAILABLE.items():
        if status in _statuses(row):
            usable = [name for name, other in known.items() if not _statuses(other)]
            return f"{node_type!r} is {words}, expected {_alternatives(node_type, usable)}"
    if gpu and not _has_gpu(node_type, row):
        names = [name for name, other in known.items() if _has_gpu(name, other) and not _statuses(other)]
        return f"{node_type!r} has no GPU, which the runtime needs, expected {_alternatives(node_type, names)}"
    if photon_role and row.get(f"photon_{photon_role}_capable") is False:
        return f"{node_type!r} cannot run Photon as {photon_role}, expected a node type that can or 'photon': false"
    return ""


def _statuses(row: Mapping[str, Json]) -> list[str]:
    info = row.get("node_info")
    status = info.get("status") if isinstance(info, dict) else None
    return [str(one) for one in status if str(one) in _UNAVAILABLE] if isinstance(status, list) else []


def _has_gpu(node_type: str, row: Mapping[str, Json]) -> bool:
    # The number is missing for a few types; on Azure the N series are the machines with GPUs.
    number = row.get("num_gpus")
    return number > 0 if isinstance(number, (int, float)) else node_type.startswith("Standard_N")


def _alternatives(node_type: str, names: Sequence[str]) -> str:
    lower = {name.lower(): name for name in names}
    close = [lower[name] for name in difflib.get_close_matches(node_type.lower(), lower, n=3, cutoff=0.5)]
    shown = close or sorted(names)[:3]
    return f"one such as {', '.join(map(repr, shown))}" if shown else "another (the workspace lists none)"
