"""What an administrator tells `bootstrap`: a JSON file, and secrets in environment variables, never in the file."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from steps.lib import agent
from steps.lib.errors import InputError
from steps.lib.json_files.located_json import Document, load
from steps.lib.settings import Reader
from steps.lib.validation.schema_check import check

CREDENTIALS = ("local", "dev", "test", "prod", "setup")


@dataclass(frozen=True)
class Credential:
    """The service principal of one variable group. `secret` is empty where none was given, or none is needed."""

    name: str
    tenant_id: str
    client_id: str
    service_connection_id: str = ""
    secret: str = field(default="", repr=False)

    @property
    def group(self) -> str:
        return f"brickline-{self.name}"

    @property
    def secret_variable(self) -> str:
        """The environment variable that `bootstrap` takes the secret from."""
        return f"BRICKLINE_{self.name.upper()}_CLIENT_SECRET"


@dataclass(frozen=True)
class Inputs:
    file: str
    organization_url: str
    cicd_project: str
    cicd_repository: str
    projects: tuple[str, ...]
    credentials: Mapping[str, Credential]

    @property
    def all_projects(self) -> tuple[str, ...]:
        """Every project that gets something: that of this library too."""
        return tuple(dict.fromkeys((self.cicd_project, *self.projects)))

    def groups_of(self, project: str) -> list[Credential]:
        """The set-up's own group lies in the project of this library only, the others where products are."""
        wanted = [name for name in CREDENTIALS
                  if (project == self.cicd_project if name == "setup" else project in self.projects)]
        return [self.credentials[name] for name in wanted]


def read_inputs(file: Path, environ: Mapping[str, str]) -> Inputs:
    """The checked inputs; an InputError with everything that is wrong. Names that differ in case are one project."""
    document = load(file, file.name)
    findings = check(document, "bootstrap").findings
    if findings:
        raise InputError(findings)
    projects = {str(name).casefold(): str(name) for name in document.list(("projects",))}
    cicd_project = document.text_at(("cicd", "project"))
    return Inputs(
        document.file,
        document.text_at(("organization_url",)).rstrip("/"),
        projects.get(cicd_project.casefold(), cicd_project),
        document.text_at(("cicd", "repository")),
        tuple(projects.values()),
        {name: _credential(document, name, Reader(environ)) for name in CREDENTIALS},
    )


def _credential(document: Document, name: str, reader: Reader) -> Credential:
    path = ("credentials", name)
    made = Credential(name, document.text_at(("entra_tenant_id",)), document.text_at((*path, "client_id")),
                      str(document.get((*path, "service_connection_id")) or ""))
    secret = reader.optional(made.secret_variable) or ""
    if secret:
        agent.set_secret(secret)
    return Credential(made.name, made.tenant_id, made.client_id, made.service_connection_id, secret)
