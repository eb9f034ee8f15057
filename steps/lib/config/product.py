"""A product repository's config files, and the workspace its cluster belongs to."""
from __future__ import annotations

from pathlib import Path

from steps.lib.config.team import find_team
from steps.lib.databricks.workspace import Workspace
from steps.lib.json_files.located_json import Document, load
from steps.lib.target_environment import TargetEnvironment

CLUSTER_FILE = "cluster_and_libraries_config.json"
ENVIRONMENT_FILE = "environment_config.json"
JOBS_FILE = "jobs_config.json"


def product_config(product: Path) -> Document:
    """`cluster_and_libraries_config.json` of the checkout at `product`."""
    return load(product / CLUSTER_FILE, CLUSTER_FILE)


def environment_config(product: Path) -> Document:
    return load(product / ENVIRONMENT_FILE, ENVIRONMENT_FILE)


def jobs_config(product: Path) -> Document:
    return load(product / JOBS_FILE, JOBS_FILE)


def workspace_of(product: Path, teams: Path, environment: TargetEnvironment) -> Workspace:
    """The workspace of the product's team in `environment`; an InputError names the file to edit."""
    return find_team(teams, product_config(product)).workspace(environment)
