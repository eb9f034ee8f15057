"""Security rules of pipeline YAML, applied to files: every violation with its rule, file and line."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sandbox.pipelines.lint import guard_rules, script_rules
from sandbox.pipelines.lint.walk import Found
from sandbox.pipelines.nodes import Node, PipelineError
from sandbox.pipelines.templates.document import load_document

Rule = Callable[[Node], Found]
RULES: dict[str, Rule] = {
    "expression-in-script": script_rules.expression_in_script,
    "secret-outside-env": script_rules.secret_outside_env,
    "secret-as-parameter": script_rules.secret_as_parameter,
    "persisted-credentials": script_rules.persisted_credentials,
    "condition-without-status": guard_rules.condition_without_status,
    "branch-guard": guard_rules.branch_guard,
    "unpinned-repository": guard_rules.unpinned_repository,
}


@dataclass(frozen=True, order=True)
class Violation:
    """Reads as `<file>:<line>: <rule>: <what is wrong>; <what to write instead>`."""

    file: str
    line: int
    rule: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.problem}"


def check_files(files: Iterable[Path]) -> list[Violation]:
    """Everything the rules find, by file and line. A file that is no YAML is a violation of the rule `yaml`."""
    found: list[Violation] = []
    documents: list[Node] = []
    for file in files:
        try:
            documents.append(load_document(file.read_bytes(), str(file)))
        except PipelineError as error:
            found.append(Violation(str(file), error.position.line if error.position else 1, "yaml", str(error)))
    return sorted([*found, *violations(documents)])


def violations(documents: Iterable[Node]) -> list[Violation]:
    """As `check_files`, of documents that are read already. Variables of one count as declared for all."""
    documents = list(documents)
    declared = [name for document in documents for name in guard_rules.declared_variables(document)]
    rules: dict[str, Rule] = {**RULES, "overridden-env": partial(guard_rules.overridden_env, declared=declared)}
    return sorted(Violation(position.file, position.line, name, problem) for document in documents
                  for name, rule in rules.items() for position, problem in rule(document))
