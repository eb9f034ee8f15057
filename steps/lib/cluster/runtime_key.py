"""From a spark version as users write it, `{version, ml, gpu, photon}`, to a runtime key, or the reason there is none.

Keys read `<version>.x[-cpu-ml|-gpu-ml|-photon]-scala<version>`. Photon is asked for with `runtime_engine` beside the
plain key; Photon with ML, and GPU without ML, are in no list.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from steps.lib.json_files.json_reader import Json

PHOTON_ENGINE = "PHOTON"
STANDARD_ENGINE = "STANDARD"
_KEY = re.compile(r"(\d+)(?:\.(\d+))?\.x(?:-(photon|cpu-ml|gpu-ml))?-scala(\d+\.\d+)", re.ASCII)
_LAST_VERSION_WITH_PHOTON_KEYS = (16, 4)
# An LTS release closes its series. Up to this one what the bundled list lacks never was, or is retired.
_LAST_CLOSED_SERIES = 17

Version = tuple[int, ...]


class NoSuchRuntime(Exception):  # noqa: N818 - reads as the sentence it carries
    """No runtime fits; the text says why and names the nearest."""


@dataclass(frozen=True)
class Runtime:
    """What a user asks for. `photon` None leaves the engine to the team or the service."""

    version: str
    ml: bool = False
    gpu: bool = False
    photon: bool | None = None

    @classmethod
    def from_json(cls, data: dict[str, Json]) -> Runtime:
        photon = data.get("photon")
        return cls(str(data.get("version")), data.get("ml") is True, data.get("gpu") is True,
                   photon if isinstance(photon, bool) else None)

    @property
    def flavour(self) -> str:
        return "gpu-ml" if self.gpu and self.ml else "cpu-ml" if self.ml else ""

    @property
    def engine(self) -> str | None:
        """The value of `runtime_engine`; None says nothing."""
        return {None: None, True: PHOTON_ENGINE, False: STANDARD_ENGINE}[self.photon]


@dataclass(frozen=True)
class _Key:
    text: str
    version: Version
    flavour: str
    scala: Version


@cache
def bundled_keys() -> tuple[str, ...]:
    """The list that serves where no workspace can be asked."""
    lines = (Path(__file__).parent / "runtime_keys.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def key_for(runtime: Runtime, keys: Collection[str]) -> str:
    """The key of `keys` that fits, with the oldest Scala where there are several, as Databricks' own clients choose.

    Raises NoSuchRuntime.
    """
    _refuse_impossible(runtime)
    known = _parsed(keys)
    wanted = _numbers(runtime.version)
    fitting = [key for key in known if fits(key.text, runtime)]
    if not fitting:
        raise NoSuchRuntime(_nearest(runtime, known))
    if runtime.photon and not _has_photon(wanted, known):
        message = f"runtime {runtime.version!r} has no Photon engine, expected 'photon': false"
        raise NoSuchRuntime(message)
    return min(fitting, key=lambda key: key.scala).text


def key_offline(runtime: Runtime, keys: Collection[str]) -> str:
    """As `key_for`, but what the list lacks of a series still growing gets its likely key: the workspace will tell."""
    if _numbers(runtime.version)[0] <= _LAST_CLOSED_SERIES:
        return key_for(runtime, keys)
    _refuse_impossible(runtime)
    return f"{runtime.version}.x{runtime.flavour and f'-{runtime.flavour}'}-scala2.13"


def fits(key: str, runtime: Runtime) -> bool:
    """Whether `key` is such a runtime, with any Scala."""
    return any(one.version == _numbers(runtime.version) and one.flavour == runtime.flavour for one in _parsed([key]))


def is_gpu_key(key: str) -> bool:
    return "-gpu-" in key


def is_ml_key(key: str) -> bool:
    return "-ml-" in key


def version_of(key: str) -> Version | None:
    """`(16, 4)` for `16.4.x-scala2.12`; None for a key of another form, such as a custom image."""
    found = _KEY.fullmatch(key)
    return _numbers(f"{found.group(1)}.{found.group(2) or 0}") if found else None


def _refuse_impossible(runtime: Runtime) -> None:
    if runtime.gpu and not runtime.ml:
        message = "got gpu without ml, which no runtime offers, expected 'ml': true beside 'gpu': true"
        raise NoSuchRuntime(message)
    if runtime.photon and runtime.ml:
        message = "got photon with ml, which no runtime offers, expected one of the two"
        raise NoSuchRuntime(message)


def _parsed(keys: Iterable[str]) -> list[_Key]:
    found = [_KEY.fullmatch(key) for key in keys]
    return [_Key(match.group(), _numbers(f"{match.group(1)}.{match.group(2) or 0}"), match.group(3) or "",
                 _numbers(match.group(4))) for match in found if match]


def _numbers(version: str) -> Version:
    parts = [int(part) for part in version.split(".") if part.isdigit()]
    return tuple([*parts, 0, 0][:2])


def _has_photon(wanted: Version, known: Iterable[_Key]) -> bool:
    newer = wanted > _LAST_VERSION_WITH_PHOTON_KEYS
    return newer or any(key.version == wanted and key.flavour == "photon" for key in known)


def _nearest(runtime: Runtime, known: Collection[_Key]) -> str:
    wanted = _numbers(runtime.version)
    same = [key for key in known if key.flavour == runtime.flavour]
    kind = {"": "", "cpu-ml": " with ml", "gpu-ml": " with ml and gpu"}[runtime.flavour]
    start = f"there is no runtime {runtime.version!r}{kind}"
    if not same:
        return f"{start}, expected one this workspace lists"
    nearest = min(same, key=lambda key: (_distance(key.version, wanted), key.scala))
    shown = _shown(nearest.version)
    return f"{start}, expected one that exists; the nearest{kind} is {shown!r}"


def _distance(one: Version, other: Version) -> int:
    return abs((one[0] - other[0]) * 100 + one[1] - other[1])


def _shown(version: Version) -> str:
    return f"{version[0]}.{version[1]}" if version[1] or version[0] < 18 else str(version[0])
