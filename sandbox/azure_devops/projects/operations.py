"""What the service says it will do, and a client asks about until it is done: so projects are made and deleted."""
from __future__ import annotations

import uuid
from dataclasses import dataclass

from sandbox.storage import Storage


@dataclass(frozen=True)
class Operation:
    id: str


class Operations:
    """Every one is done by the time anybody can ask for it."""

    def __init__(self, storage: Storage) -> None:
        self._operations = storage.table("operation", Operation)

    def done(self) -> Operation:
        """A new one, whose work is done."""
        made = Operation(str(uuid.uuid4()))
        self._operations[made.id] = made
        return made

    def get(self, number: str) -> Operation | None:
        return self._operations.get(number.lower())
