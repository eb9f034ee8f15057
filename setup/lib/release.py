"""Which release of this library a product repository is pinned to."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from setup.lib.repository_search import LIBRARY, Place, named_repository
from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.repositories import Repository, refs
from steps.lib.errors import InputError

TAGS = "refs/tags/"
# https://semver.org/#spec-item-9 and following; the `v` before is the habit of git.
_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_Rank = tuple[bool, tuple[int, ...], tuple[tuple[bool, int, str], ...]]


@dataclass(frozen=True)
class Release:
    """This library as products see it: its repository, the tag they are pinned to, every tag they may be at."""

    repository: Repository
    pinned: str
    refs: tuple[str, ...]


def library_release(devops: AzureDevOps, settings: SetupSettings) -> Release:
    """The release that this run is at, else the newest; an InputError where there is none, or a tag that is none."""
    if not settings.release_ref.startswith(TAGS):
        return newest_of(devops, settings.cicd_project, settings.cicd_repository, LIBRARY)
    cicd = named_repository(devops, settings.cicd_project, settings.cicd_repository, LIBRARY)
    releases = sorted_releases(refs(devops, cicd, TAGS))
    if settings.release_ref not in releases:
        # The guards of the variable groups know releases only: such a product would get no credential.
        tag = settings.release_ref.removeprefix(TAGS)
        message = (f"repository {cicd.project}/{cicd.name}: tag {tag!r} of this run is none of its releases, expected "
                   "one like 'v1.2.3'; run the pipeline from a release, or from the default branch for the newest one")
        raise InputError([message])
    return Release(cicd, settings.release_ref, tuple(releases))


def newest_of(devops: AzureDevOps, project: str, name: str, place: Place) -> Release:
    """The newest release of the CI/CD repository, named at `place`; an InputError where it has none."""
    cicd = named_repository(devops, project, name, place)
    releases = sorted_releases(refs(devops, cicd, TAGS))
    if not releases:
        message = (f"repository {cicd.project}/{cicd.name}: has no tag like 'v1.2.3', expected one for each release, "
                   "for products are pinned to it; tag a release and run the pipeline again")
        raise InputError([message])
    return Release(cicd, releases[0], tuple(releases))


def sorted_releases(tags: Iterable[str]) -> list[str]:
    """Refs of releases, the newest in the order of semver.org first; pre-releases come last."""
    ranked = [(rank, ref) for ref in tags if (rank := _rank(ref.removeprefix(TAGS)))]
    return [ref for _, ref in sorted(ranked, reverse=True)]


def newest_release(tags: Iterable[str]) -> str | None:
    """The ref with the highest version in the order of semver.org; a pre-release only where nothing else is."""
    return next(iter(sorted_releases(tags)), None)


def _rank(name: str) -> _Rank | None:
    found = _VERSION.fullmatch(name)
    if found is None:
        return None
    numbers, label = tuple(map(int, found.groups()[:3])), found[4]
    return label is None, numbers, tuple(map(_part, label.split("."))) if label else ()


def _part(text: str) -> tuple[bool, int, str]:
    """Numbers are compared as such, and come before words."""
    is_number = text.isascii() and text.isdigit()
    return (False, int(text), "") if is_number else (True, 0, text)
