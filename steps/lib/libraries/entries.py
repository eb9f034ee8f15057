"""From the lists of libraries in config files to the entries of the Libraries API, team's and product's together."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath, show_path
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.wording import names

PACKAGE_KEYS = {"pypi": "package", "maven": "coordinates", "cran": "package"}
FILE_TYPES = ("jar", "whl", "egg", "requirements")
LIBRARY_TYPES = (*PACKAGE_KEYS, *FILE_TYPES)
_PYPI = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?(.*)", re.DOTALL)
_WHEEL = re.compile(r".*/([^/-]+)-[^/]*\.whl", re.DOTALL)


@dataclass(frozen=True)
class Library:
    """One wanted library. `package` is the same for all versions of one package, `version` whatever else was asked."""

    kind: str
    package: str
    version: str
    entry: dict[str, Json]
    document: Document
    path: JsonPath

    @property
    def written(self) -> str:
        value = self.entry[self.kind]
        if not isinstance(value, dict):
            return str(value)
        return f"{value.get(PACKAGE_KEYS[self.kind])}" + (f" from {value['repo']}" if "repo" in value else "")


def libraries_of(document: Document, top: JsonPath) -> list[Library]:
    """The libraries written below `top`, in the order written; needs a file its schema accepts."""
    return [_library(document, kind, (*top, kind, index))
            for kind in document.object(top) if kind in LIBRARY_TYPES
            for index, written in enumerate(document.list((*top, kind))) if written is not None]


def combine(team: Sequence[Library], requested: Sequence[Library]) -> tuple[list[Library], list[Finding]]:
    """The team's libraries, then the requested ones, each package once; and every package wanted in two versions."""
    chosen: dict[tuple[str, str], Library] = {}
    findings: list[Finding] = []
    for library in (*team, *requested):
        first = chosen.setdefault((library.kind, library.package), library)
        if first.version != library.version:
            findings.append(_conflict(first, library))
    return list(chosen.values()), sorted(findings)


def mixed_entries(document: Document, top: JsonPath | None) -> list[Finding]:
    """Entries that name more than one type, which the Libraries API refuses. Takes any data; no `top`, no libraries."""
    libraries = document.get(top) if top is not None else None
    lists = libraries.items() if isinstance(libraries, dict) else ()
    entries = [((*(top or ()), kind, index), {kind, *_types_in(entry)})
               for kind, items in lists if isinstance(items, list) for index, entry in enumerate(items)]
    return [document.finding(path, f"has the types {names(sorted(types))}, expected one; give each its own entry "
                                   f"in the list of its type")
            for path, types in entries if len(types) > 1 and types <= set(LIBRARY_TYPES)]


def _types_in(entry: Json) -> set[str]:
    if not isinstance(entry, dict):
        return set()
    foreign = {"maven"} if "coordinates" in entry else set()
    return {key for key in entry if key in LIBRARY_TYPES} | foreign


def _library(document: Document, kind: str, path: JsonPath) -> Library:
    written = document.get(path)
    if kind in FILE_TYPES:
        return Library(kind, *_file_identity(kind, str(written)), {kind: written}, document, path)
    fields: dict[str, Json] = written if isinstance(written, dict) else {PACKAGE_KEYS[kind]: written}
    package, version = _package_identity(kind, str(fields.get(PACKAGE_KEYS[kind])))
    extra = [f"{key}={_comparable(fields[key])}" for key in ("repo", "exclusions") if fields.get(key)]
    return Library(kind, package, " ".join([version, *extra]), {kind: fields}, document, path)


def _comparable(value: Json) -> str:
    return " ".join(sorted(map(str, value))) if isinstance(value, list) else str(value).rstrip("/")


def _package_identity(kind: str, text: str) -> tuple[str, str]:
    if kind == "cran":
        return text.strip(), ""
    if kind == "maven":
        parts = text.split(":")
        return ":".join(parts[:2]), ":".join(parts[2:])
    return _pypi_identity(text)


def _pypi_identity(text: str) -> tuple[str, str]:
    # Equal names: https://packaging.python.org/en/latest/specifications/name-normalization/
    found = _PYPI.fullmatch(text)
    if not found:
        return text, ""
    name, extras, specifier = found.groups()
    wanted = sorted(_normal(extra.strip()) for extra in (extras or "").split(",") if extra.strip())
    bounds = sorted(re.sub(r"\s+", "", bound) for bound in specifier.split(","))
    return _normal(name), ",".join(bounds) + "".join(f" [{extra}]" for extra in wanted)


def _file_identity(kind: str, path: str) -> tuple[str, str]:
    wheel = _WHEEL.fullmatch(path) if kind == "whl" else None
    return (_normal(wheel.group(1)), path) if wheel else (path, path)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _conflict(first: Library, second: Library) -> Finding:
    where = first.document.place(first.path)
    problem = f"wants {second.written!r}, but {where} wants {first.written!r} ({show_path(first.path)})"
    return second.document.finding(second.path, f"{problem}, expected one version of a package; keep one of the two")
