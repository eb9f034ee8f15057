"""Rules of the Clusters API that no single field can show, checked on the values that result from all files."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from steps.lib.cluster.config import TOP
from steps.lib.cluster.runtime_key import is_ml_key
from steps.lib.config.provenance import SetValue, by_path
from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath, show_path
from steps.lib.json_files.located_json import Document

MOST_TAGS = 45
_STANDARD_MODES = ("USER_ISOLATION", "DATA_SECURITY_MODE_STANDARD")
_FORBIDDEN_IN_TAG_KEYS = re.compile(r"[<>*&%;\\/+?]|[^\x20-\xff]")
_FORBIDDEN_IN_TAG_VALUES = re.compile(r"[^\x20-\xff]")

Values = Mapping[JsonPath, SetValue]


def gaps(product: Document, values: Sequence[SetValue]) -> list[Finding]:
    """What a cluster needs and nobody has set."""
    known = by_path(values)
    return [*_required(product, known), *_no_size(product, known), *_missing_bound(product, known)]


def contradictions(product: Document, values: Sequence[SetValue]) -> list[Finding]:
    """Values that do not go together, each finding at the file and line that set the value."""
    known = by_path(values)
    checks: list[Callable[[Document, Values], list[Finding]]] = [
        _two_sizes, _bounds, _pools, _minutes, _access_mode, _tags]
    return sorted(finding for check in checks for finding in check(product, known))


def at(product: Document, item: SetValue, problem: str) -> Finding:
    """A finding where `item` was set: in the product's file below its cluster parameters, else in the team's."""
    if item.origin.file == product.file:
        return replace(product.finding((*TOP, *item.path), problem), line=item.origin.line)
    return Finding(item.origin.file, item.origin.line, show_path(item.path), problem)


def _required(product: Document, known: Values) -> list[Finding]:
    sources = {"node_type_id": ("node_type_id", "instance_pool_id", "policy_id"), "spark_version": ("spark_version",)}
    return [product.finding(TOP, f"{name!r} is missing and the team leaves it open; add it")
            for name, any_of in sources.items() if not any((one,) in known for one in any_of)]


def _no_size(product: Document, known: Values) -> list[Finding]:
    if any(path[0] in ("num_workers", "autoscale", "policy_id") for path in known):
        return []
    return [product.finding(TOP, "the size is missing, expected 'num_workers' or 'autoscale'; add one")]


def _missing_bound(product: Document, known: Values) -> list[Finding]:
    low, high = known.get(("autoscale", "min_workers")), known.get(("autoscale", "max_workers"))
    one, name = (low, "max_workers") if low else (high, "min_workers")
    if one is None or (low and high) or ("num_workers",) in known:
        return []
    problem = f"{name!r} is missing beside {one.path[-1]!r} of {one.origin}; add it"
    return [product.finding((*TOP, "autoscale"), problem)]


def _two_sizes(product: Document, known: Values) -> list[Finding]:
    fixed = known.get(("num_workers",))
    scaled = next((item for path, item in known.items() if path[0] == "autoscale"), None)
    if fixed is None or scaled is None:
        return []
    theirs, other = (fixed, scaled) if fixed.origin.file == product.file else (scaled, fixed)
    name = other.path[0]
    return [at(product, theirs, f"got {theirs.value}, but {other.origin} sets {name}, expected one of the two")]


def _bounds(product: Document, known: Values) -> list[Finding]:
    low, high = known.get(("autoscale", "min_workers")), known.get(("autoscale", "max_workers"))
    if low is None or high is None:
        return []
    if isinstance(low.value, int) and isinstance(high.value, int) and low.value < high.value:
        return []
    theirs = low if low.origin.file == product.file != high.origin.file else high
    return [at(product, theirs, f"got min_workers {low.value} and max_workers {high.value}, expected max_workers above "
                                f"min_workers; for a fixed size use num_workers")]


def _pools(product: Document, known: Values) -> list[Finding]:
    pool = known.get(("instance_pool_id",))
    forbidden = {"node_type_id", "driver_node_type_id", "azure_attributes", "enable_elastic_disk"}
    return [at(product, item, f"cannot stand beside instance_pool_id, which {pool.origin} sets; remove one")
            for path, item in known.items() if pool and path[0] in forbidden]


def _minutes(product: Document, known: Values) -> list[Finding]:
    item = known.get(("autotermination_minutes",))
    if item is None or not isinstance(item.value, int) or item.value == 0 or item.value >= 10:
        return []
    return [at(product, item, f"got {item.value}, expected 10 to 10000, or 0 for never")]


def _access_mode(product: Document, known: Values) -> list[Finding]:
    mode, version = known.get(("data_security_mode",)), known.get(("spark_version",))
    if not mode or not version or mode.value not in _STANDARD_MODES or not is_ml_key(str(version.value)):
        return []
    theirs = mode if mode.origin.file == product.file else version
    return [at(product, theirs, f"the ML runtime of {version.origin} cannot run in access mode {mode.value!r} of "
                                f"{mode.origin}, expected another of the two")]


def _tags(product: Document, known: Values) -> list[Finding]:
    tags = [item for path, item in known.items() if path[0] == "custom_tags" and len(path) > 1]
    seen: dict[str, SetValue] = {}
    findings = []
    for item in tags:
        first = seen.setdefault(str(item.path[1]).casefold(), item)
        problem = _tag_problem(str(item.path[1]), str(item.value))
        if first is not item:
            problem = f"differs from {first.path[1]!r} of {first.origin} only by case, expected one tag; remove one"
        if problem:
            findings.append(at(product, item, problem))
    if len(tags) > MOST_TAGS:
        findings.append(product.finding((*TOP, "custom_tags"), f"{len(tags)} tags, expected at most {MOST_TAGS}"))
    return findings


def _tag_problem(key: str, value: str) -> str:
    # https://github.com/databricks/cli/blob/main/libs/tags/azure.go
    odd = _FORBIDDEN_IN_TAG_KEYS.search(key)
    if odd or not 0 < len(key) <= 512:
        return f"tag key with {odd.group()!r}, which Azure refuses" if odd else "expected a key of 1 to 512 characters"
    odd = _FORBIDDEN_IN_TAG_VALUES.search(value)
    if odd:
        return f"tag value with {odd.group()!r}, expected characters of Latin-1, which Azure and Databricks take"
    return f"tag value of {len(value)} characters, expected at most 256" if len(value) > 256 else ""
