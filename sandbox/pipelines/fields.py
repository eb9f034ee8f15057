"""Takes a mapping apart key by key, so that what nobody took can be refused by name, file and line."""
from __future__ import annotations

import re

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence

_TRUE, _FALSE = "true", "false"
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


class Fields:
    """The entries of one mapping; `what` names it in messages. Every key has to be taken before `close`."""

    def __init__(self, node: Node, what: str) -> None:
        if not isinstance(node, Mapping):
            message = f"a {what} has to be a mapping"
            raise PipelineError(message, node.position)
        self._entries = {name.text: (name, value) for name, value in node.entries}
        self._taken: set[str] = set()
        self.what = what
        self.position: Position = node.position

    def node(self, key: str) -> Node | None:
        """The value of `key`; None where it is absent or null."""
        self._taken.add(key)
        _, value = self._entries.get(key, (None, None))
        return None if isinstance(value, Scalar) and is_null(value) else value

    def has(self, key: str) -> bool:
        return key in self._entries

    def text(self, key: str, default: str = "") -> str:
        value = self.node(key)
        return default if value is None else scalar(value, f"'{key}' of a {self.what}").text

    def boolean(self, key: str, *, default: bool) -> bool:
        value = self.node(key)
        if value is None:
            return default
        text = scalar(value, f"'{key}' of a {self.what}").text.lower()
        if text not in (_TRUE, _FALSE):
            message = f"'{key}' of a {self.what} has to be true or false, got {text!r}"
            raise PipelineError(message, value.position)
        return text == _TRUE

    def number(self, key: str, default: float = 0) -> float:
        value = self.node(key)
        if value is None:
            return default
        text = scalar(value, f"'{key}' of a {self.what}").text
        if not _NUMBER.fullmatch(text):
            message = f"'{key}' of a {self.what} has to be a number, got {text!r}"
            raise PipelineError(message, value.position)
        return float(text)

    def items(self, key: str) -> list[Node]:
        """The items of a sequence; one scalar or mapping stands for a sequence of one."""
        value = self.node(key)
        if value is None:
            return []
        return list(value.items) if isinstance(value, Sequence) else [value]

    def texts(self, key: str) -> list[str]:
        """Single values; empty ones, which a parameter without a value leaves behind, count for nothing."""
        return [text for item in self.items(key) if (text := scalar(item, f"an item of '{key}'").text)]

    def text_map(self, key: str) -> dict[str, str]:
        value = self.node(key)
        return {} if value is None else text_map(value, f"'{key}' of a {self.what}")

    def ignore(self, *keys: str) -> None:
        """These keys change nothing in a run here."""
        self._taken.update(keys)

    def close(self) -> None:
        """Refuse the first key that was not taken: what the engine does not model, it does not guess."""
        for key, (name, _) in self._entries.items():
            if key not in self._taken:
                message = f"'{key}' of a {self.what} is not modelled by this engine"
                raise PipelineError(message, name.position)


def is_null(node: Scalar) -> bool:
    return node.plain and node.text in ("", "~", "null", "Null", "NULL")


def scalar(node: Node, what: str) -> Scalar:
    if not isinstance(node, Scalar):
        message = f"{what} has to be a single value"
        raise PipelineError(message, node.position)
    return node


def text_map(node: Node, what: str) -> dict[str, str]:
    if not isinstance(node, Mapping):
        message = f"{what} has to be a mapping"
        raise PipelineError(message, node.position)
    return {name.text: scalar(value, f"'{name.text}' in {what}").text for name, value in node.entries}
