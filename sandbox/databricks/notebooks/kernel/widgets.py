"""`dbutils.widgets`: parameters of a notebook with their defaults."""
from __future__ import annotations

from collections.abc import Mapping, Sequence


class InputWidgetNotDefined(Exception):  # noqa: N818 - Databricks' name
    """Asked for a widget that neither the notebook defines nor its run gives a value for."""


class Widgets:
    """What the run gives goes before the default that the notebook defines."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = dict(given)
        self._defaults: dict[str, str] = {}

    def text(self, name: str, defaultValue: str, label: str = "") -> None:  # noqa: ARG002, N803 - Databricks' names
        self._defaults[name] = str(defaultValue)

    def dropdown(self, name: str, defaultValue: str, choices: Sequence[str], label: str = "") -> None:  # noqa: ARG002, N803
        if defaultValue not in choices:
            message = f"widget {name!r}: default {defaultValue!r} is none of its choices"
            raise ValueError(message)
        self._defaults[name] = str(defaultValue)

    multiselect = dropdown

    def combobox(self, name: str, defaultValue: str, choices: Sequence[str], label: str = "") -> None:  # noqa: ARG002, N803
        self._defaults[name] = str(defaultValue)

    def get(self, name: str) -> str:
        values = self.getAll()
        if name not in values:
            message = f"No input widget named {name} is defined"
            raise InputWidgetNotDefined(message)
        return values[name]

    def getArgument(self, name: str, defaultValue: str = "") -> str:  # noqa: N802, N803 - Databricks' names
        return self.getAll().get(name, defaultValue)

    def getAll(self) -> dict[str, str]:  # noqa: N802 - Databricks' name
        return {**self._defaults, **self._given}

    def give(self, values: Mapping[str, str]) -> None:
        """What `%run ./other $name="value"` sets."""
        self._given.update(values)

    def remove(self, name: str) -> None:
        self._defaults.pop(name, None)

    def removeAll(self) -> None:  # noqa: N802 - Databricks' name
        self._defaults.clear()
