"""Answers what a running notebook asks, with the rights of the principal it runs as."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import ApiError
from sandbox.databricks.notebooks.output import Redaction
from sandbox.databricks.notebooks.places import find_runnable, resolved
from sandbox.databricks.state import WorkspaceState

RunOther = Callable[[str, Mapping[str, str], float], str]


@dataclass(frozen=True)
class Answers:
    """Raises ValueError with a sentence where the answer is no. Whatever was asked, the types are checked here."""

    state: WorkspaceState
    principal: Principal
    order: Mapping[str, Any]
    redaction: Redaction
    run_other: RunOther

    def __call__(self, question: str, details: Mapping[str, Any]) -> object:
        answer = {"start": self._start, "find": self._find, "run": self._run, "secret": self._secret,
                  "secrets": self._secrets, "scopes": self._scopes}.get(question)
        if answer is None:
            message = f"the sandbox does not know the question {question!r}"
            raise ValueError(message)
        try:
            return answer(details)
        except ApiError as error:
            raise ValueError(error.message) from error
        except (KeyError, TypeError, AttributeError) as error:
            message = f"{question}: {error!r}"
            raise ValueError(message) from error

    def _start(self, _: Mapping[str, Any]) -> object:
        return self.order

    def _find(self, details: Mapping[str, Any]) -> object:
        with self.state.lock:
            place = find_runnable(self.state.files, self._path(details), self.principal)
        return {"path": place.path, "disk": str(place.disk)}

    def _run(self, details: Mapping[str, Any]) -> object:
        arguments = {str(name): str(value) for name, value in details["arguments"].items()}
        return self.run_other(self._path(details), arguments, float(details["timeout"]))

    def _secret(self, details: Mapping[str, Any]) -> object:
        with self.state.lock:
            value = self.state.secrets.value(str(details["scope"]), str(details["key"]), self.principal)
        self.redaction.add(value)
        return value.hex()

    def _secrets(self, details: Mapping[str, Any]) -> object:
        with self.state.lock:
            return self.state.secrets.keys(str(details["scope"]), self.principal)

    def _scopes(self, _: Mapping[str, Any]) -> object:
        with self.state.lock:
            return self.state.secrets.names()

    def _path(self, details: Mapping[str, Any]) -> str:
        return resolved(str(details["path"]), str(details["base"]))
