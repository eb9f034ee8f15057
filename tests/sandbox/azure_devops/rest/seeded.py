"""One of each thing that routes lead to, so that requests of any shape get behind the door."""
from __future__ import annotations

from sandbox.azure_devops.checks.check_record import EXCLUSIVE_LOCK, CheckRecord
from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.policies.configuration import COMMENTS, Configuration
from sandbox.azure_devops.projects.library import Environment, VariableGroup, resource_of
from sandbox.azure_devops.pull_requests.record import PullRequest
from sandbox.azure_devops.pull_requests.threads import Comment, Thread
from sandbox.pipelines.request import Variable

_AUTHOR = Author("Platform Team", "platform@example.com")


def seeded(organisation: Organisation, member: Member) -> None:
    """In the project `analytics`, each with the number 1; the pull request is one of `member`."""
    project = organisation.home
    churn = project.create_repository("churn")
    tips = {name: churn.commit_files(f"refs/heads/{name}", {"notes.txt": File(name.encode())}, message="m",
                                     author=_AUTHOR) for name in ("main", "x")}
    project.library.add_pipeline("churn", "churn", "notes.txt")
    group = project.library.put_group(VariableGroup("shared", {"a": Variable("b")}))
    project.library.put_environment(Environment("prod"))
    organisation.checkpoint.protection.records.add(CheckRecord(project.id, resource_of(group), EXCLUSIVE_LOCK, {}))
    record = project.repositories.record("churn")
    assert record is not None
    request = PullRequest(0, project.id, record.id, "t", "refs/heads/x", "refs/heads/main", member.id, 0.0,
                          source_commit=tips["x"], target_commit=tips["main"])
    number = organisation.repos.pull_requests.put(request).id
    organisation.repos.threads.put(Thread(0, number, 0.0, 0.0, comments=(Comment(1, member.id, "c", 0.0, 0.0),)))
    organisation.repos.policies.put(Configuration(0, project.id, COMMENTS, blocking=False, enabled=True))
