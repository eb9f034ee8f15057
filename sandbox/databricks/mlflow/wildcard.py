"""LIKE as SQL has it: `%` stands for any text, `_` for one character."""
from __future__ import annotations


def fits(pattern: str, text: str) -> bool:
    """In time that grows with pattern times text at most, whatever the pattern is: it comes from outside."""
    at, place, star, resume = 0, 0, -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "%":
            star, resume = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in {"_", text[place]}:
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("%")
