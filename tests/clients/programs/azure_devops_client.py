"""The client `azure-devops` does what setting a product up does: code, pipelines, environments, runs."""
from __future__ import annotations

import os
import time
from typing import Any

from azure.devops.connection import Connection  # type: ignore[import-untyped]
from azure.devops.exceptions import AzureDevOpsServiceError  # type: ignore[import-untyped]
from msrest.authentication import BasicAuthentication

PROJECT = "project"
HELLO = "steps:\n- checkout: none\n- bash: echo hello\n"
ALL_ZERO = "0" * 40


def clients() -> Any:
    credentials = BasicAuthentication("", os.environ["AZURE_DEVOPS_TOKEN"])
    return Connection(base_url=os.environ["AZURE_DEVOPS_URL"], creds=credentials).clients_v7_1


def code(git: Any) -> Any:
    """The repository, to which a pipeline was pushed."""
    (repository,) = git.get_repositories(PROJECT)
    refs = {ref.name: ref.object_id for ref in git.get_refs(repository.id, PROJECT)}
    print("refs", *sorted(refs))
    change = {"changeType": "add", "item": {"path": "/hello.yml"},
              "newContent": {"content": HELLO, "contentType": "rawtext"}}
    push = git.create_push({"commits": [{"comment": "Say hello", "changes": [change]}], "refUpdates": [
        {"name": "refs/heads/main", "oldObjectId": refs["refs/heads/main"]}]}, repository.id, PROJECT)
    text = b"".join(git.get_item_text(repository.id, path="/hello.yml", project=PROJECT)).decode()
    assert text == HELLO, text
    print("pushed", len(push.commits))
    branches(git, repository.id, refs["refs/heads/feature/x"])
    return repository


def branches(git: Any, repository: str, commit: str) -> None:
    """Only who made a branch may delete it."""
    def move(name: str, old: str, new: str) -> str:
        (answer,) = git.update_refs([{"name": f"refs/heads/{name}", "oldObjectId": old, "newObjectId": new}],
                                    repository, PROJECT)
        return str(answer.update_status)

    print("not deleted", move("feature/x", commit, ALL_ZERO))
    print("deleted", move("feature/y", ALL_ZERO, commit), move("feature/y", commit, ALL_ZERO))


def run(build: Any, repository: Any) -> None:
    queue = {"name": "Default"}
    made = build.create_definition({
        "name": "hello", "type": "build", "process": {"type": 2, "yamlFilename": "hello.yml"}, "queue": queue,
        "repository": {"id": repository.id, "type": "TfsGit", "defaultBranch": "refs/heads/main"}}, PROJECT)
    assert [one.id for one in build.get_definitions(PROJECT, name="hello")] == [made.id]
    queued = build.queue_build({"definition": {"id": made.id}}, PROJECT)
    for _ in range(200):
        found = build.get_build(PROJECT, queued.id)
        if found.status == "completed":
            break
        time.sleep(0.1)
    names = [record.name for record in build.get_build_timeline(PROJECT, queued.id).records]
    assert "Bash" in names or "CmdLine" in names, names
    print("run", found.result)


def places(task_agent: Any) -> None:
    made = task_agent.add_environment({"name": "churn-prod", "description": ""}, PROJECT)
    assert [one.name for one in task_agent.get_environments(PROJECT, name="churn-prod")] == ["churn-prod"]
    print("environment", made.name)
    try:
        task_agent.add_environment({"name": "churn-prod", "description": ""}, PROJECT)
    except AzureDevOpsServiceError as error:
        print("refused", error.type_key)
    print("queues", *(queue.name for queue in task_agent.get_agent_queues(PROJECT)))


if __name__ == "__main__":
    office = clients()
    print("project", *(project.name for project in office.get_core_client().get_projects()))
    run(office.get_build_client(), code(office.get_git_client()))
    places(office.get_task_agent_client())
