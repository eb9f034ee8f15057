"""Who may import whom: a step must not know that it is being tested, and the sandbox must not know what it tests."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("steps", "setup", "sandbox", "tests", "teams")
ALLOWED = {
    "steps/lib": ("steps.lib",),
    "steps": ("steps.lib",),
    "setup": ("steps.lib", "setup"),
    "sandbox": ("sandbox",),
}


def sources() -> list[Path]:
    return [path for top in ("steps", "setup", "sandbox") for path in sorted((ROOT / top).rglob("*.py"))
            if "scaffold" not in path.parts]


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import, write the whole name"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def room_of(path: Path) -> str:
    relative = path.relative_to(ROOT).as_posix()
    return next(room for room in ALLOWED if relative.startswith(f"{room}/"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_stay_inside_the_allowed_rooms(path: Path) -> None:
    ours = [name for name in imported_modules(path) if name.split(".")[0] in OURS]
    rooms = tuple(f"{room}." for room in ALLOWED[room_of(path)])
    forbidden = [name for name in ours if not f"{name}.".startswith(rooms)]
    assert forbidden == []


@pytest.mark.parametrize("path", sorted((ROOT / "steps").glob("[a-z]*.py")), ids=lambda path: path.name)
def test_environ_is_read_only_in_the_guard_of_a_step(path: Path) -> None:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if "os.environ" in line]
    assert lines == ["raise SystemExit(agent.run(step, os.environ))"]


def test_lib_never_reads_the_environment_of_its_process() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "steps/lib").rglob("*.py")}
    assert [name for name, text in texts.items() if "os.environ" in text] == []
