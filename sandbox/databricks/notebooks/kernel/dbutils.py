"""`dbutils` as far as the sandbox models it; everything else is refused by name."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from sandbox.databricks.notebooks.kernel.channel import Channel, RefusedError
from sandbox.databricks.notebooks.kernel.file_store import FileStore
from sandbox.databricks.notebooks.kernel.widgets import Widgets


class NotebookExit(BaseException):
    """Ends the notebook from anywhere, also from within `except Exception`."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class _Part:
    """A part of dbutils: what it has not is an error that says so."""

    def __getattr__(self, name: str) -> NoReturn:
        message = f"the sandbox does not model dbutils.{type(self).__name__.lower()}.{name}"
        raise AttributeError(message)


class Notebook(_Part):
    def __init__(self, channel: Channel, path: str) -> None:
        self._channel = channel
        self._path = path

    def exit(self, value: object = "") -> NoReturn:
        raise NotebookExit(str(value))

    def run(self, path: str, timeout_seconds: int = 0, arguments: Mapping[str, Any] | None = None) -> str:
        """Run another notebook in a process of its own; its exit value. 0 is no time limit."""
        texts = {str(name): str(value) for name, value in (arguments or {}).items()}
        try:
            return str(self._channel.ask("run", path=path, base=self._path, timeout=timeout_seconds, arguments=texts))
        except RefusedError as error:
            raise WorkflowException(str(error)) from None

    def getContext(self) -> Context:  # noqa: N802 - Databricks' name
        return Context(self._path)


class WorkflowException(Exception):  # noqa: N818 - Databricks' name
    """A notebook run by `dbutils.notebook.run` failed."""


class Context(_Part):
    """The little of the notebook context that notebooks ask for: their own path."""

    def __init__(self, path: str) -> None:
        self._path = path

    def notebookPath(self) -> _Option:  # noqa: N802 - Databricks' name
        return _Option(self._path)


class _Option:
    def __init__(self, value: str) -> None:
        self._value = value

    def get(self) -> str:
        return self._value


class Secrets(_Part):
    """Every value that was given out is redacted in all that the notebook shows."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def get(self, scope: str, key: str) -> str:
        return self.getBytes(scope, key).decode()

    def getBytes(self, scope: str, key: str) -> bytes:  # noqa: N802 - Databricks' name
        return bytes.fromhex(_asked(self._channel, "secret", scope=scope, key=key))

    def list(self, scope: str) -> Sequence[str]:
        return [*_asked(self._channel, "secrets", scope=scope)]

    def listScopes(self) -> Sequence[str]:  # noqa: N802 - Databricks' name
        return [*_asked(self._channel, "scopes")]


class EntryPoint(_Part):
    """The chain `dbutils.notebook.entry_point.getDbutils().notebook().getContext()` of older notebooks."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def getDbutils(self) -> EntryPoint:  # noqa: N802 - Databricks' name
        return self

    def notebook(self) -> Notebook:
        return self._notebook


class Library(_Part):
    def __init__(self, restart: Callable[[], None]) -> None:
        self._restart = restart

    def restartPython(self) -> None:  # noqa: N802 - Databricks' name
        self._restart()


class Dbutils(_Part):
    """`restart` forgets what the notebook has defined so far."""

    def __init__(self, channel: Channel, path: str, widgets: Widgets, *, file_store: Path,
                 restart: Callable[[], None]) -> None:
        self.widgets = widgets
        self.notebook = Notebook(channel, path)
        self.notebook.__dict__["entry_point"] = EntryPoint(self.notebook)
        self.secrets = Secrets(channel)
        self.fs = FileStore(file_store)
        self.library = Library(restart)


def _asked(channel: Channel, question: str, **details: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return channel.ask(question, **details)
    except RefusedError as error:
        message = str(error)
        raise ValueError(message) from None
