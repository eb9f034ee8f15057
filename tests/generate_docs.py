"""Writes what is generated: the parameter tables of docs/pipelines.md and the schema copies for editors.

`make docs` runs it; `tests/test_generated_docs.py` fails where a file is not what this would write.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
COPIED_SCHEMAS = ("cluster_and_libraries_config.schema.json", "environment_config.schema.json",
                  "jobs_config.schema.json")
COPIES = Path("files_for_remote_repo/pipelines_definitions/schemas")
INTRODUCTION = """\
# Pipelines

The entry templates and their parameters. This page is generated: edit the template, then `make docs`.
"""


def generated_files() -> dict[Path, str]:
    """Path below the project's root → the text that belongs there."""
    schemas = {COPIES / name: (ROOT / "steps/schemas" / name).read_text(encoding="utf-8") for name in COPIED_SCHEMAS}
    return {Path("docs/pipelines.md"): _pipelines_page(), **schemas}


def _pipelines_page() -> str:
    return "\n".join([INTRODUCTION, *map(_section, sorted((ROOT / "pipelines").glob("*.yml")))])


def _section(template: Path) -> str:
    text = template.read_text(encoding="utf-8")
    comment = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("#")]
    rows = [_row(parameter) for parameter in yaml.safe_load(text).get("parameters", [])]
    head = "| parameter | type | default | what it is |\n|---|---|---|---|"
    return "\n".join([f"## {template.name}\n", *comment, "", head, *rows, ""])


def _row(parameter: dict[str, Any]) -> str:
    default = f"`{parameter['default']}`" if "default" in parameter else "required"
    return f"| `{parameter['name']}` | {parameter['type']} | {default} | {parameter['displayName']} |"


def main() -> None:
    for path, text in generated_files().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
