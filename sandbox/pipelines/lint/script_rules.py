"""Rules about text that becomes code or reaches a log: scripts, secrets, checkouts.

Why: https://learn.microsoft.com/azure/devops/pipelines/security/inputs
"""
from __future__ import annotations

import re

from sandbox.pipelines.lint.walk import Found, places
from sandbox.pipelines.nodes import Mapping, Node, Scalar, Sequence

SCRIPT_KEYS = frozenset({"script", "bash", "pwsh", "powershell", "inlinescript", "arguments", "scriptarguments"})
_EXPRESSION = re.compile(r"\$\(|\$\{\{|\$\[")
_MACRO = re.compile(r"\$\(([^)]+)\)")
_SECRET_NAME = re.compile(r"secret|passw|token|credential|api_?key|private_?key|access_?key|\bpat\b", re.IGNORECASE)


def expression_in_script(document: Node) -> Found:
    for place in places(document):
        if place.name.lower() in SCRIPT_KEYS and _EXPRESSION.search(place.text):
            yield place.value.position, ("the text of a script has an expression in it, which becomes code; "
                                         "map the value in env: and use the variable")


def secret_outside_env(document: Node) -> Found:
    for place in places(document):
        if "env" in place.above or place.name == "env":
            continue
        names = [name for name in _MACRO.findall(place.text) if _SECRET_NAME.search(name)]
        if names:
            yield place.value.position, (f"the secret {names[0]!r} stands in {place.name!r}, which is logged; "
                                         "map it in env: of the one step that needs it")


def secret_as_parameter(document: Node) -> Found:
    declared = document.get("parameters") if isinstance(document, Mapping) else None
    for item in declared.items if isinstance(declared, Sequence) else ():
        name = item.get("name") if isinstance(item, Mapping) else None
        if isinstance(name, Scalar) and _SECRET_NAME.search(name.text):
            yield name.position, (f"the parameter {name.text!r} would carry a secret, and parameters are logged; "
                                  "read it from a variable group in env:")


def persisted_credentials(document: Node) -> Found:
    for place in places(document):
        if place.name == "persistCredentials" and place.text.lower() != "false":
            yield place.value.position, ("the job's token would stay in the git configuration for every later step; "
                                         "write 'persistCredentials: false'")
