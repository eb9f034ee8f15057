"""A sandbox in a process of its own, with a run that does not end: `python -m` this module, and a state folder."""
from __future__ import annotations

import sys
from pathlib import Path

from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.pipelines.request import Identity
from sandbox.world.world import World

_YAML = b"""steps:
- checkout: none
- bash: 'setsid sleep 600 & echo $! $$ > "$HOME/new"; mv "$HOME/new" "$HOME/started"; wait'
"""


def main(folder: Path) -> None:
    with World(folder) as world:
        organisation = world.organisation
        organisation.home.repositories["churn"].commit_files(
            "refs/heads/long", {"long.yml": File(_YAML)}, message="m", author=Author("a", "a@b.c"))
        pipeline = organisation.home.library.add_pipeline("long", "churn", "long.yml", frozenset())
        organisation.queue_run(pipeline, "long", Identity("Anna", "anna@example.com"))
        organisation.runs.wait(120)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
