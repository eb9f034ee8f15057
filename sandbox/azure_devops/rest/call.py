"""One authenticated call of the organisation's REST API, and the tables that send it to its handler."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeAlias

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.identities.accounts import Caller
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.organisation_state import OrganisationState
from sandbox.azure_devops.projects.project import Project, RepositoryRecord
from sandbox.azure_devops.rest.errors import bad_request, hidden_project, no_project, no_repository
from sandbox.azure_devops.security.namespaces import GIT, PROJECT, Namespace, project_token, repository_token
from sandbox.http.message import Request, Response


@dataclass(frozen=True)
class Call:
    organisation: OrganisationState
    caller: Caller
    member: Member
    request: Request

    def argument(self, name: str) -> str:
        """A placeholder of the route, decoded."""
        return self.request.arguments[name]

    def query(self, name: str) -> str | None:
        """A query parameter by its name in any case; `$top` and the like with their dollar."""
        wanted = name.casefold()
        return next((values[0] for key, values in self.request.query.items() if key.casefold() == wanted), None)

    def number(self, name: str, default: int) -> int:
        """A query parameter that counts something; what is no number is refused."""
        text = self.query(name)
        if text is None:
            return default
        if not text.isdigit():
            message = f"The value specified for the query parameter {name} is not valid: {text}."
            raise bad_request(message, "InvalidArgumentValueException")
        return int(text)

    def body(self) -> Any:  # noqa: ANN401 - JSON
        """The JSON sent; an empty body is None."""
        if not self.request.body.strip():
            return None
        try:
            return _whole_characters(json.loads(self.request.body))
        except (ValueError, RecursionError) as error:
            message = "TF400898: An Internal Error Occurred. Value cannot be parsed as JSON."
            raise bad_request(message, "VssPropertyValidationException") from error

    def fields(self) -> dict[str, Any]:
        """The JSON object sent."""
        data = self.body()
        if not isinstance(data, dict):
            message = "Value cannot be null. Parameter name: body"
            raise bad_request(message, "ArgumentNullException")
        return data

    def project(self) -> Project:
        """The project of the route, by name or id; refused where it is not there, hidden or out of scope."""
        name = self.argument("project")
        project = self.organisation.project(name)
        if project is None:
            raise no_project(name)
        if not (self.caller.scope.reaches(project.id)
                and self.allows(PROJECT, project_token(project.id), "GENERIC_READ")):
            raise hidden_project(name)
        return project

    def repository(self, name: str, project: Project) -> tuple[RepositoryRecord, BareRepository]:
        """A repository the caller may read, by name or id."""
        record = project.repositories.record(name)
        token = repository_token(project.id, record.id) if record else ""
        if record is None or not self.allows(GIT, token, "GenericRead"):
            raise no_repository(name)
        if not self.caller.scope.reaches(project.id, record.id):
            raise OutOfScopeError
        return record, project.repositories.at(record)

    def allows(self, namespace: Namespace, token: str, permission: str) -> bool:
        return self.organisation.access.allows(namespace, token, self.member, permission)

    def now(self) -> str:
        return timestamp(self.organisation.clock.now())


class OutOfScopeError(Exception):
    """The token of the run does not reach this: answered as if nobody had signed in."""


Handler: TypeAlias = Callable[[Call], "dict[str, Any] | list[Any] | Response"]
Routes: TypeAlias = Sequence[tuple[str, str, Handler]]
"""Method, path below the organisation such as `{project}/_apis/git/repositories`, handler."""


def _whole_characters(data: Any) -> Any:  # noqa: ANN401 - JSON
    """Half a surrogate pair, which JSON can escape, is no character: neither git nor an answer could write it."""
    written = json.dumps(data, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.loads(written.encode(errors="replace"))
    return data


def timestamp(seconds: float) -> str:
    """A time as the service writes it, with seven digits after the second."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def collection(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The envelope of every list."""
    value = list(rows)
    return {"count": len(value), "value": value}
