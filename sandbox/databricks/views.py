"""What follows the records of a collection: indexes, orders, times; made at its first use, without reading records."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sandbox.kept_values import KeptValues
from sandbox.table_index import ByName, NamesOf

if TYPE_CHECKING:
    from sandbox.databricks.collection import Collection

Record = TypeVar("Record")
Value = TypeVar("Value")
Taken = TypeVar("Taken", contravariant=True)


class Follower(Protocol[Taken]):
    """What a view shows: made of all values by key, then told of each that changes, None where there is none now."""

    def change(self, key: str, value: Taken | None, /) -> None: ...


Shown = TypeVar("Shown", bound=Follower[Any])


class View(Generic[Record, Value, Shown]):
    """Made by `Collection.view`. What it shows may be another object after each request."""

    def __init__(self, shows: Callable[[Mapping[str, Value]], Shown], value_of: Callable[[Record], Value | None],
                 records: Collection[Record], kept: KeptValues | None) -> None:
        self._shows = shows
        self._value_of = value_of
        self._records = records
        self._kept = kept
        self._shown: Shown | None = None
        if kept is not None and kept.are_new:
            kept.begin(self._values_of(records.items()))

    def __call__(self) -> Shown:
        if self._shown is None:
            self._shown = self._shows(self._values())
        return self._shown

    def change(self, key: str, record: Record | None) -> None:
        if self._shown is not None:
            self._shown.change(key, None if record is None else self._value_of(record))

    def write(self, key: str, record: Record | None) -> None:
        if self._kept is not None:
            self._kept.write(key, None if record is None else self._value_of(record))

    def forget(self) -> None:
        """The next use makes it anew."""
        self._shown = None

    def forget_storage(self) -> None:
        self._kept = None

    def _values(self) -> dict[str, Value]:
        """By key, oldest first."""
        records = self._records
        if self._kept is None:
            return self._values_of(records.items())
        values = {key: value for key, value in self._kept.read().items() if key not in records.waiting}
        values.update(self._values_of((key, records[key]) for key in records.waiting if key in records))
        return {key: values[key] for key in records if key in values}

    def _values_of(self, records: Iterable[tuple[str, Record]]) -> dict[str, Value]:
        told = ((key, self._value_of(record)) for key, record in records)
        return {key: value for key, value in told if value is not None}


class Index(Generic[Record]):
    """Records by something else than their key, so that finding one does not mean looking at all."""

    def __init__(self, records: Collection[Record], names: NamesOf[Record], kept_as: str) -> None:
        self._records = records
        self._view = records.view(_KeysByName, lambda record: list(names(record)) or None, kept_as=kept_as)

    def of(self, name: str) -> list[Record]:
        """Those with this name, exactly as `names` writes it; oldest first."""
        return self._records.at(self.keys_of(name))

    def keys_of(self, name: str) -> dict[str, None]:
        """The keys of those that `of` would give, and of those that come and go meanwhile. Not to be changed."""
        return self._view().of(name)

    def count(self, name: str) -> int:
        """How many `of` would give."""
        return len(self.keys_of(name))

    def first(self, name: str) -> Record | None:
        """The oldest of them."""
        oldest = next(iter(self.keys_of(name)), None)
        return None if oldest is None else self._records[oldest]


class _KeysByName:
    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._keys: ByName[None] = ByName()
        for key, told in names.items():
            self._keys.change(key, told, None)

    def change(self, key: str, names: Iterable[str] | None) -> None:
        if names is None:
            self._keys.remove(key)
        else:
            self._keys.change(key, names, None)

    def of(self, name: str) -> dict[str, None]:
        return self._keys.of(name)
