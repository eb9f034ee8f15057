"""What a run shows: bounded, and with every secret it was given replaced."""
from __future__ import annotations

from dataclasses import dataclass, field

OUTPUT_LIMIT = 5 * 1024 * 1024
REDACTED = "[REDACTED]"
# A secret has at most 128 KB: one that begins inside the limit is collected to its end.
_MARGIN = 256 * 1024


@dataclass
class Output:
    """Collects what a process prints and forgets the rest; a flood costs time, not memory."""

    limit: int = OUTPUT_LIMIT
    _content: bytearray = field(default_factory=bytearray)

    def add(self, block: bytes) -> None:
        self._content += block[: self.limit + _MARGIN - len(self._content)]

    def text(self, secrets: Redaction) -> str:
        shown = secrets.redacted(self._content.decode(errors="replace"))
        if len(self._content) <= self.limit:
            return shown
        # What was cut off within a secret is no longer recognised as one: leave the whole margin out.
        shown = secrets.redacted(self._content[: self.limit].decode(errors="replace"))
        return f"{secrets.without_open_end(shown)}\n*** output was cut off at {self.limit} bytes ***\n"


@dataclass
class Redaction:
    """The values of the secrets that a run has read, and those of the runs it started."""

    values: set[str] = field(default_factory=set)

    def add(self, value: bytes) -> None:
        text = value.decode(errors="replace")
        if text.strip():
            self.values.add(text)

    def redacted(self, text: str) -> str:
        """Longest first: one secret may be part of another."""
        for value in sorted(self.values, key=len, reverse=True):
            text = text.replace(value, REDACTED)
        return text

    def without_open_end(self, text: str) -> str:
        """`text` without an end that is the beginning of a secret."""
        for value in self.values:
            for size in range(min(len(value), len(text)), 0, -1):
                if text.endswith(value[:size]):
                    return text[:-size]
        return text
