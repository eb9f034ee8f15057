"""Template files: where a reference leads, and what stands there."""
from __future__ import annotations

from collections.abc import Callable

from sandbox.pipelines.nodes import Mapping, PipelineError, Position, misplaced
from sandbox.pipelines.repositories import Commit, Repositories
from sandbox.pipelines.templates.document import load_document
from sandbox.pipelines.templates.limits import Budget
from sandbox.pipelines.templates.scope import Place
from sandbox.pipelines.templates.syntax import check_syntax

SELF = "self"


class TemplateFiles:
    """Reads each file once. Aliases are resolved once per run, before the first template of theirs is read."""

    def __init__(self, repositories: Repositories, own: Commit, budget: Budget) -> None:
        self.commits: dict[str, Commit] = {SELF: own}
        self._unknown: dict[str, PipelineError] = {}
        self._repositories = repositories
        self._budget = budget
        self._pending: list[Callable[[], None]] = []
        self._documents: dict[tuple[Commit, str], Mapping] = {}

    def add_alias(self, alias: str, name: str, ref: str, position: Position) -> None:
        """Bind `alias`. A repository nobody has is an error only when something of it is used; a refused one is now."""
        if alias.casefold() in (known.casefold() for known in (*self.commits, *self._unknown)):
            message = f"'{alias}' is already defined"
            raise PipelineError(message, position)
        self._check(name, position)
        try:
            self._repositories.path_of(name)
        except PipelineError as error:
            self._unknown[alias] = PipelineError(str(error), position)
            return
        try:
            self.commits[alias] = self._repositories.resolve(name, ref)
        except PipelineError as error:
            raise PipelineError(str(error), position) from error

    def _check(self, name: str, position: Position) -> None:
        try:
            self._repositories.check(name)
        except PipelineError as error:
            raise PipelineError(str(error), position) from error

    def await_aliases(self, bind: Callable[[], None]) -> None:
        """`bind` adds aliases that stand further down in the file; it is called when one is needed early."""
        self._pending.append(bind)

    def load(self, reference: str, origin: Place, position: Position) -> tuple[Mapping, Place]:
        """The document `reference` names, seen from the file `origin`."""
        path, _, alias = reference.strip().partition("@")
        place = self._place(path.strip(), alias.strip() or origin.alias, origin, position)
        return self.read(place, position), place

    def read(self, place: Place, position: Position) -> Mapping:
        known = (place.commit, place.path)
        if known not in self._documents:
            self._budget.add_file(place.shown, position)
            self._documents[known] = self._document(place, position)
        return self._documents[known]

    def _document(self, place: Place, position: Position) -> Mapping:
        content = self._repositories.read(place.commit, place.path)
        if content is None:
            commit = place.commit
            where = f"repository {commit.repository} branch {commit.ref} version {commit.sha}"
            message = f"File /{place.path} not found in {where}"
            raise PipelineError(message, position)
        document = load_document(content, place.shown)
        if not isinstance(document, Mapping):
            raise misplaced(document, "a mapping")
        check_syntax(document)
        return document

    def _place(self, path: str, alias: str, origin: Place, position: Position) -> Place:
        own_name, commit = self._commit(alias, position)
        same = own_name.casefold() == origin.alias.casefold()
        path = path.replace("\\", "/")
        base = [] if path.startswith("/") or not same else origin.path.split("/")[:-1]
        for part in path.split("/"):
            if part == ".." and not base:
                message = f"The template path '{path}' leads out of the repository"
                raise PipelineError(message, position)
            base = base[:-1] if part == ".." else [*base, part] if part not in ("", ".") else base
        return Place(own_name, commit, "/".join(base))

    def _commit(self, alias: str, position: Position) -> tuple[str, Commit]:
        while (found := self._named(alias)) is None and self._pending:
            self._pending.pop()()
        if found is None:
            known = ", ".join(f"'{name}'" for name in self.commits)
            message = f"No repository found by name {alias}; resources.repositories has {known}"
            raise PipelineError(message, position)
        return found, self.commits[found]

    def _named(self, alias: str) -> str | None:
        for name, error in self._unknown.items():
            if name.casefold() == alias.casefold():
                raise error
        return next((name for name in self.commits if name.casefold() == alias.casefold()), None)
