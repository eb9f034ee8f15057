"""The field mask of clusters/update, as https://google.aip.dev/161 has it."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.fields import fields_of

Spec = dict[str, Any]
_EVERYTHING = ["*"]
_RESOURCE = "UpdateClusterResource"
# Two ways to say one thing: naming one of them takes the other away.
_SIZES = {"num_workers": "autoscale", "autoscale": "num_workers"}


def mask_of(text: str) -> list[str]:
    """The paths of a mask; at least one."""
    paths = [path.strip() for path in text.split(",") if path.strip()]
    if not paths:
        refuse_missing("update_mask")
    if "*" in paths and paths != _EVERYTHING:
        refuse("update_mask: '*' stands for every field, it must stand alone")
    return paths


def masked(spec: Spec, wanted: Spec, mask: list[str]) -> Spec:
    """`spec` with what `wanted` says of the fields in the mask; one that `wanted` does not hold is taken away."""
    if mask == _EVERYTHING:
        return dict(wanted)
    changed = dict(spec)
    for path in mask:
        names = path.split(".")
        other = _SIZES.get(names[0])
        if other is not None and names[0] in wanted and other not in wanted:
            changed.pop(other, None)
        _take(changed, wanted, names, path=path, kind=_RESOURCE)
    return changed


def _take(target: Spec, wanted: Spec, names: list[str], *, path: str, kind: str) -> None:
    """Puts one field into `target`. Single entries of lists and maps cannot be named, only the whole of them."""
    name, inner = names[0], names[1:]
    types = fields_of(kind)
    if name not in types:
        refuse(f"update_mask: {path!r} is not a field of a cluster")
    if not inner:
        target.pop(name, None)
        target.update({name: wanted[name]} if name in wanted else {})
        return
    target[name] = dict(target.get(name, {})) if fields_of(types[name]) else {}
    _take(target[name], wanted.get(name, {}), inner, path=path, kind=types[name])
    if not target[name]:
        del target[name]
