"""Which templates a pipeline extends: what a required-template check asks for."""
from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping

from sandbox.pipelines.nodes import Mapping, PipelineError, Position, Scalar
from sandbox.pipelines.repositories import Commit, Repositories
from sandbox.pipelines.request import ExtendedTemplate
from sandbox.pipelines.templates.files import SELF, TemplateFiles
from sandbox.pipelines.templates.limits import Budget
from sandbox.pipelines.templates.scope import Place


def extended_templates(
    entry: str, repositories: Repositories, commits: AbstractMapping[str, Commit]
) -> tuple[ExtendedTemplate, ...]:
    """The template that the file `entry` of `self` extends, the one that extends, and so on.

    Only what is written as plain text counts: an `extends` that an expression decides proves nothing.
    """
    files = TemplateFiles(repositories, commits[SELF], Budget())
    files.commits.update(commits)
    try:
        return tuple(_chain(files, Place(SELF, commits[SELF], entry.lstrip("/"))))
    except PipelineError:
        return ()


def _chain(files: TemplateFiles, place: Place) -> Iterator[ExtendedTemplate]:
    document = files.read(place, Position(place.shown, 1, 1))
    while (reference := _reference(document)):
        document, place = files.load(reference.text, place, reference.position)
        yield ExtendedTemplate(place.commit.repository, place.commit.ref, place.path)


def _reference(document: Mapping) -> Scalar | None:
    extends = document.get("extends")
    template = extends.get("template") if isinstance(extends, Mapping) else None
    return template if isinstance(template, Scalar) and "${{" not in template.text else None
