"""Every known way to get a workspace wrong is held by a test, whose docstring begins with its number: `B6: ...`."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[2]
# Transport, clusters, libraries, permissions, jobs, workspace objects, identities and MLflow; H is the clients.
CHECKS = {"A": 11, "B": 17, "C": 7, "D": 8, "E": 15, "F": 9, "G": 5}
_NUMBERS = re.compile(r"((?:[A-G]\d+|H)(?:(?:, | and )(?:[A-G]\d+|H))*): ")


def _held() -> Iterator[str]:
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found = _NUMBERS.match(ast.get_docstring(node) or "")
                yield from re.findall(r"[A-H]\d*", found[1]) if found else ()


def test_every_check_is_held_by_a_test() -> None:
    wanted = {f"{letter}{number}" for letter, count in CHECKS.items() for number in range(1, count + 1)} | {"H"}
    assert sorted(wanted - set(_held())) == []
