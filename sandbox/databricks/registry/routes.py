"""The routes of the workspace registry."""
from __future__ import annotations

from sandbox.databricks.call import Routes
from sandbox.databricks.registry.comment_routes import comment_routes
from sandbox.databricks.registry.model_routes import model_routes
from sandbox.databricks.registry.stage_routes import stage_routes
from sandbox.databricks.registry.version_routes import version_routes


def registry_routes() -> Routes:
    return [*model_routes(), *version_routes(), *stage_routes(), *comment_routes()]
