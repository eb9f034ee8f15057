"""The cluster of a branch: the team's template filled with the product's values, then with what convention sets."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from steps.lib.cluster.runtime_key import NoSuchRuntime, Runtime, fits
from steps.lib.config.conventions import IDENTITY_TAGS, Identity, cluster_name, identity_tags
from steps.lib.config.locks import Request, fill, requests_of
from steps.lib.config.provenance import Origin, SetValue, by_path
from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document

TOP = ("cluster_parameters",)
CONVENTION = Origin("convention")
MINUTES_UNTIL_TERMINATION = 120
_SINGLE_NODE: tuple[tuple[JsonPath, Json], ...] = (
    # https://learn.microsoft.com/azure/databricks/compute/configure#single-node
    (("spark_conf", "spark.databricks.cluster.profile"), "singleNode"),
    (("spark_conf", "spark.master"), "local[*]"),
    (("custom_tags", "ResourceClass"), "SingleNode"),
)

KeyOf = Callable[[Runtime], str]


@dataclass(frozen=True)
class ClusterConfig:
    """Every value of the body for clusters/create with its origin, and what is wrong with the files it comes from."""

    values: tuple[SetValue, ...]
    findings: tuple[Finding, ...]


def cluster_config(product: Document, template: Document, identity: Identity, key_of: KeyOf) -> ClusterConfig:
    """`key_of` turns the wanted runtime into a key of the list that counts here, or raises NoSuchRuntime."""
    requests, findings = _requests(product, template, key_of)
    filled = fill(template, [request for request in requests if not is_identity_tag(request.path)])
    findings += [request.report(_RESERVED) for request in requests if is_identity_tag(request.path)]
    findings += [template.finding(item.path, _RESERVED) for item in filled.values if is_identity_tag(item.path)]
    values = [item for item in filled.values if not is_identity_tag(item.path)]
    values += _conventions(template, identity, values)
    return ClusterConfig(tuple(values), tuple(sorted([*findings, *filled.findings])))


_RESERVED = f"set by convention, expected no entry for {', '.join(IDENTITY_TAGS)}; remove it"


def is_identity_tag(path: JsonPath) -> bool:
    """Whether `path` is a tag that identifies the cluster. Azure does not tell tags apart by case."""
    return path[:1] == ("custom_tags",) and len(path) > 1 and str(path[1]).casefold() in IDENTITY_TAGS


def _requests(product: Document, template: Document, key_of: KeyOf) -> tuple[list[Request], list[Finding]]:
    requests = [one for one in requests_of(product, TOP) if one.path[0] != "spark_version"]
    place = (*TOP, "spark_version")
    wanted = product.object(place)
    if not {"version", "ml", "gpu"} <= wanted.keys():
        return requests, []
    runtime = Runtime.from_json(wanted)
    if runtime.engine:
        requests.append(_request(product, ("runtime_engine",), runtime.engine, (*place, "photon")))
    locked = template.get(("spark_version",))
    try:
        # Users name no Scala: a team's key with either of the two is theirs repeated.
        key = locked if isinstance(locked, str) and fits(locked, runtime) else key_of(runtime)
        requests.append(_request(product, ("spark_version",), key, place))
    except NoSuchRuntime as error:
        return requests, [product.finding(place, str(error))]
    return requests, []


def _request(product: Document, path: JsonPath, value: Json, place: JsonPath) -> Request:
    origin = Origin(product.file, product.line(place))
    return Request(path, value, origin, lambda problem: product.finding(place, problem))


def _conventions(template: Document, identity: Identity, values: Sequence[SetValue]) -> list[SetValue]:
    wanted: list[tuple[JsonPath, Json]] = [(("cluster_name",), cluster_name(identity))]
    wanted += [(("custom_tags", key), value) for key, value in identity_tags(identity).items()]
    if "autotermination_minutes" in template.object(()):
        wanted.append((("autotermination_minutes",), MINUTES_UNTIL_TERMINATION))
    known = by_path(values)
    workers = known.get(("num_workers",))
    if workers and workers.value == 0:
        wanted += _SINGLE_NODE
    return [SetValue(path, value, CONVENTION) for path, value in wanted if path not in known]
