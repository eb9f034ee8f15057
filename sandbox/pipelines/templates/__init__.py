"""From the entry file to the final pipeline: parameters, `${{ }}`, templates of every kind."""
from sandbox.pipelines.templates.expand import Expanded, expand

__all__ = ["Expanded", "expand"]
