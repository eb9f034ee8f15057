"""What a secret looks like: forms that whoever issues it documents, and that nothing else has by chance."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ALLOWED = "pragma: allowlist secret"
"""In a line, says that what looks like a secret there is none: the mark that detect-secrets knows, too."""


@dataclass(frozen=True)
class Kind:
    name: str
    pattern: re.Pattern[str]


def _kind(name: str, pattern: str) -> Kind:
    return Kind(name, re.compile(pattern))


# Databricks, Entra ID, Azure DevOps and Storage: the forms that Microsoft's and GitHub's push protection look for,
# https://learn.microsoft.com/purview/sit-defn-all-creds.
KINDS = (
    _kind("private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    _kind("Databricks personal access token", r"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
    _kind("Databricks OAuth secret", r"\bdose[0-9a-f]{32}\b"),
    _kind("Entra client secret", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])"),
    _kind("Azure DevOps personal access token", r"\b[0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4}\b"),
    _kind("Azure storage account key", r"(?i)\bAccountKey=[0-9a-z+/]{86}=="),
    _kind("Azure shared access signature", r"(?i)[?&;]sig=[0-9a-z%+/]{43,}"),
    _kind("password in an address", r"\b[a-z][a-z0-9+.-]*://[^/\s:@'\"{}$<]+:[^/\s:@'\"{}$<]{3,}@[\w.-]"),
    _kind("AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _kind("GitHub token", r"\b(?:gh[oprsu]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{82})\b"),
    _kind("Slack token", r"\bxox[abposr]-[0-9A-Za-z-]{10,}"),
    _kind("signed token (JWT)", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"),
)


def secrets_in(text: str) -> Iterator[tuple[int, str]]:
    """Line, counted from 1, and kind of everything in `text` that looks like a secret; never the secret."""
    for number, line in enumerate(text.splitlines(), start=1):
        if ALLOWED not in line:
            yield from ((number, kind.name) for kind in KINDS if kind.pattern.search(line))
