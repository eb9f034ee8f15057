"""Runs targets of the product's Makefile: its own code, which gets nothing of the pipeline's environment."""
from __future__ import annotations

import re
import subprocess
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.code_checks.junit_report import Case

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_LAST_LINES = 20
# What programs need to run at all and to reach a package index; nothing that says who the pipeline is.
_PASSED = re.compile(r"PATH|HOME|LANG|LC_\w+|TMPDIR|TEMP|TMP|USER|SHELL|PIP_\w+|UV_\w+|"
                     r"(?i:https?_proxy|no_proxy|all_proxy)|REQUESTS_CA_BUNDLE|SSL_CERT_\w+|CURL_CA_BUNDLE")


def environment_of_product(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of `environ` that code of a product may see."""
    return {name: value for name, value in environ.items() if _PASSED.fullmatch(name)}


@dataclass(frozen=True)
class Makefile:
    """`path` is its place in the product's checkout."""

    path: Path

    @classmethod
    def of(cls, product: Path) -> Makefile | None:
        """The one that make would take; None where there is none."""
        there = {path.name: path for path in product.iterdir() if path.is_file()}
        return next((cls(there[name]) for name in MAKEFILES if name in there), None)

    def has(self, target: str) -> bool:
        rule = re.compile(rf"^(?:[^\s#:=]+[ \t]+)*{re.escape(target)}(?:[ \t]+[^\s#:=]+)*[ \t]*::?(?!=)", re.MULTILINE)
        return rule.search(self.path.read_text(encoding="utf-8", errors="replace")) is not None

    def run(self, target: str, environ: Mapping[str, str], clock: Clock) -> Case:
        """Run one target, and show what it prints, disarmed."""
        began = clock.monotonic()
        last: deque[str] = deque(maxlen=_LAST_LINES)
        with agent.group(f"make {target}"), subprocess.Popen(
                ["make", "--no-print-directory", target], cwd=self.path.parent, env=dict(environ),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                encoding="utf-8", errors="replace") as process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            for line in process.stdout:
                agent.info(line.rstrip("\n"))
                last.append(line.rstrip("\n"))
        failure = f"exit code {process.returncode}: {' / '.join(last)}" if process.returncode else ""
        return Case(f"make {target}", clock.monotonic() - began, failure=failure)
