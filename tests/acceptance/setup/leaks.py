"""Looks for secrets where they should not be."""
from __future__ import annotations

from pathlib import Path

from sandbox.world.world import World


def leaks(world: World) -> list[Path]:
    """Files of the sandbox that hold a client secret, forwards or backwards, but for the two that keep it."""
    secrets = [one.client_secret for one in world.principals.values()]
    needles = [text.encode() for secret in secrets for text in (secret, secret[::-1])]
    private = {"addresses.json", "credentials.json", "azure_devops.sqlite", "azure_devops.sqlite-wal"}
    files = [path for path in world.state.folder.rglob("*") if path.is_file() and path.name not in private]
    assert len(files) > 10
    return [path for path in files if any(needle in path.read_bytes() for needle in needles)]
