"""A part of a config file in another shape, in which each value still knows where a person wrote it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath, show_path
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document

Places = dict[JsonPath, JsonPath]


@dataclass(frozen=True)
class View(Document):
    """`places` maps paths of this shape to paths of the file; what is below one of them lies below the other."""

    places: Mapping[JsonPath, JsonPath] = field(default_factory=dict, repr=False)

    def written_at(self, path: JsonPath) -> JsonPath:
        """Where in the file the value at `path` is written."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return (*self.places[path[:length]], *path[length:])
        return path

    def _offset(self, path: JsonPath) -> int:
        return super()._offset(self.written_at(path))

    def finding(self, path: JsonPath, problem: str) -> Finding:
        return Finding(self.file, self.line(path), show_path(self.written_at(path)), problem)

    def part(self, top: JsonPath, shown_as: JsonPath) -> View:
        """The value at `top` alone, as a document that has it at `shown_as`; keys only."""
        places = {(*shown_as, *path[len(top) :]): place for path, place in self.places.items()
                  if path[: len(top)] == top}
        data: Json = self.get(top)
        for step in reversed(shown_as):
            data = {str(step): data}
        return _view(self, data, {**places, shown_as: self.written_at(top)})


def merged(document: Document, base: JsonPath, over: JsonPath, without: str) -> View:
    """The object at `base` changed by the one at `over`: objects key by key, everything else replaced by what is there.

    null replaces, too, and so takes a value away. The key `without` of the base is left out.
    """
    places: Places = {(): base}
    data = {key: value for key, value in document.object(base).items() if key != without}
    for key, value in document.object(over).items():
        data[key] = _merge(data.get(key), value, (key,), (*over, key), places)
    return _view(document, data, places)


def _merge(base: Json, over: Json, path: JsonPath, place: JsonPath, places: Places) -> Json:
    if not isinstance(base, dict) or not isinstance(over, dict):
        places[path] = place
        return over
    changed = {key: _merge(base.get(key), value, (*path, key), (*place, key), places) for key, value in over.items()}
    return {**base, **changed}


def _view(document: Document, data: Json, places: Places) -> View:
    return View(document.file, data, document.offsets, document._starts, places)
