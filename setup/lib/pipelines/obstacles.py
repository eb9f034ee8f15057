"""What stops the set-up of pipelines before any write: names that others have, groups that nobody made."""
from __future__ import annotations

from collections.abc import Iterator

from setup.lib.pipelines.planning import pipeline_of
from setup.lib.pipelines.present import Present, group_names
from setup.lib.pipelines.wanted import KINDS
from setup.lib.product_repository import ProductRepository
from steps.lib.azure_devops.definitions import yaml_path_of
from steps.lib.findings import Finding


def obstacles(product: ProductRepository, present: Present) -> list[Finding]:
    return [*_foreign_pipelines(product, present), *_missing_groups(product, present), *_no_agents(product, present)]


def _foreign_pipelines(product: ProductRepository, present: Present) -> Iterator[Finding]:
    for one in present.namesakes:
        repository = str((one.get("repository") or {}).get("id", "")).lower()
        name = str(one["name"]).casefold()
        kind = next(kind for kind in KINDS if kind.pipeline_name(product.name).casefold() == name)
        if pipeline_of(kind, product, present) is None and (
                repository != product.id.lower() or yaml_path_of(one) != kind.yaml_path):
            problem = (f"pipeline {one['name']!r} is there and runs {yaml_path_of(one) or 'no YAML'!r} of another "
                       f"repository or path, expected {kind.yaml_path!r} of {product.name!r}; rename or delete it")
            yield Finding(f"project {product.project}", problem=problem)


def _missing_groups(product: ProductRepository, present: Present) -> Iterator[Finding]:
    for name in group_names():
        if present.shared.group(name) is None:
            problem = (f"variable group {name!r} is missing or hidden, expected one for each target environment; let "
                       "an administrator run 'python -m setup.bootstrap' for this project, or grant its Reader role")
            yield Finding(f"project {product.project}", problem=problem)


def _no_agents(product: ProductRepository, present: Present) -> Iterator[Finding]:
    if present.shared.queue is None:
        problem = ("has no agent pool, or hides it, expected one for its pipelines; add 'Azure Pipelines' in Project "
                   "settings > Agent pools, and let bootstrap grant the set-up its use")
        yield Finding(f"project {product.project}", problem=problem)
